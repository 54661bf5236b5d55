package import Domain
import Foundation
package import NIOCore

/// A good answer as it is kept.
package struct StoredAnswer: Hashable, Sendable {
    package let mediaType: String
    package let tag: String?
    package let lastModified: String?
    package let body: ByteBuffer
    /// When the body came.
    package let retrieved: Instant
    /// When the source last said that it is the newest.
    package var confirmed: Instant

    init(_ head: AnswerHead, _ body: ByteBuffer, at now: Instant) {
        mediaType = head.mediaType
        tag = head.validator("etag")
        lastModified = head.validator("last-modified")
        self.body = body
        retrieved = now
        confirmed = now
    }

    /// The header fields that ask whether there is a newer one.
    var conditions: [(name: String, value: RequestText)] {
        var fields: [(name: String, value: RequestText)] = []
        if let tag { fields.append(("If-None-Match", RequestText(tag))) }
        if let lastModified { fields.append(("If-Modified-Since", RequestText(lastModified))) }
        return fields
    }

    /// The bytes that it takes in memory, about.
    var cost: Int { body.readableBytes + 512 }

    private struct Head: Codable {
        let key: String
        let type: String
        let tag: String?
        let modified: String?
        let retrieved: Int64
        let confirmed: Int64
        let bytes: Int
    }

    /// The answer as bytes: a line of JSON, then the body. The request is in it, so that an answer is never taken for
    /// another's.
    func encoded(key: String) -> ByteBuffer {
        let head = Head(
            key: key, type: mediaType, tag: tag, modified: lastModified, retrieved: retrieved.microseconds,
            confirmed: confirmed.microseconds, bytes: body.readableBytes)
        // Texts and numbers: nothing that JSON has no word for.
        let line = (try? JSONEncoder().encode(head)) ?? Data("{}".utf8)
        var bytes = ByteBuffer(bytes: line)
        bytes.writeInteger(UInt8(ascii: "\n"))
        bytes.writeImmutableBuffer(body)
        return bytes
    }

    /// - Returns: `nil` for bytes that are damaged, or the answer to another request.
    init?(encoded bytes: ByteBuffer, key: String) {
        guard let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONDecoder().decode(Head.self, from: Data(bytes.readableBytesView[..<end])),
            head.key == key,
            let body = bytes.getSlice(at: end + 1, length: bytes.writerIndex - end - 1),
            body.readableBytes == head.bytes
        else { return nil }
        mediaType = head.type
        tag = head.tag
        lastModified = head.modified
        self.body = body
        retrieved = Instant(microseconds: head.retrieved)
        confirmed = Instant(microseconds: head.confirmed)
    }
}

/// A store of answers that several processes share.
///
/// It may lose any of them at any time, and it never fails: where it cannot be reached it has none.
package protocol SharedAnswers: Sendable {
    func answer(_ key: String) async -> StoredAnswer?
    /// - Parameter time: How long it is worth keeping.
    func keep(_ answer: StoredAnswer, _ key: String, for time: Duration) async
}
