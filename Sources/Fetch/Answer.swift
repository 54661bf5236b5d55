package import Domain
import Foundation
package import NIOCore

/// A whole answer.
package struct Answer: Hashable, Sendable {
    /// Where an answer comes from.
    package enum Origin: Hashable, Sendable {
        case source
        /// A copy that the source said is still right.
        case confirmed
        /// A copy in memory that is young enough.
        case memory
        /// A copy that several processes share, young enough.
        case shared
        /// The last good answer, because the source is down.
        case stale
    }

    package let status: Int
    package let body: ByteBuffer
    package let mediaType: String
    package let tag: String?
    package let lastModified: String?
    package let origin: Origin
    /// When the body came from the source.
    package let retrieved: Instant
    /// The URL with its secrets replaced by their names.
    package let url: String

    init(_ stored: StoredAnswer, _ url: String, _ origin: Origin, status: Int = 200) {
        self.status = status
        body = stored.body
        mediaType = stored.mediaType
        tag = stored.tag
        lastModified = stored.lastModified
        self.origin = origin
        retrieved = stored.retrieved
        self.url = url
    }

    /// The body as text.
    package var text: String { String(decoding: body.readableBytesView, as: UTF8.self) }
}

/// The target of a redirect.
enum Location {
    /// The absolute URL without its fragment; `nil` when the text is no URL.
    static func resolved(_ location: String, against base: String) -> String? {
        guard let base = URL(string: base, encodingInvalidCharacters: false),
            let url = URL(string: location, relativeTo: base)?.absoluteString
        else { return nil }
        return String(url.prefix { $0 != "#" })
    }
}
