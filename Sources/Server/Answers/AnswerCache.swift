import Caching
import Domain
package import NIOCore
import Synchronization

/// Keeps answers that all servers share, such as in Redis. It may lose any of them at any time.
package protocol SharedAnswerStore: Sendable {
    /// The bytes of an answer; `nil` when there is none, or it cannot be read now.
    func get(_ name: String) async -> ByteBuffer?

    func put(_ name: String, _ bytes: ByteBuffer, for timeToLive: Duration) async
}

/// Answers in the memory of this process, and in a store that all servers share.
///
/// A name holds everything that decides the bytes, with the version of the data, so nothing is ever invalidated: who
/// knows of a change asks by another name. Each answer is made once for all who ask for it at the same time.
package final class AnswerCache: Sendable {
    private struct Kept {
        let bytes: ByteBuffer
        let until: ContinuousClock.Instant
    }

    /// The memory that an answer takes besides its bytes and its name.
    private static let overhead = 512
    /// The largest answer that is kept.
    private static let longestAnswer = 4 << 20
    /// The beginning of the names in the shared store.
    package static let prefix = "hextant:answer:1:"

    private let kept: Mutex<Sieve<String, Kept>>
    private let shared: (any SharedAnswerStore)?
    private let flights = SingleFlight<String, ByteBuffer>()
    private let patience: Duration

    /// - Parameters:
    ///   - byteLimit: The largest total size of the answers in memory.
    ///   - patience: How long making an answer may take.
    package init(byteLimit: Int = 16 << 20, shared: (any SharedAnswerStore)?, patience: Duration = .seconds(30)) {
        kept = Mutex(Sieve(limit: byteLimit))
        self.shared = shared
        self.patience = patience
    }

    /// The answer of a name, made by `make` where there is none.
    /// - Parameters:
    ///   - name: Everything that decides the answer.
    ///   - timeToLive: How long it is kept.
    /// - Throws: What `make` throws, `DeadlineExceeded` when that takes too long.
    func answer(
        _ name: String, for timeToLive: Duration, _ make: @escaping @Sendable () async throws -> ByteBuffer
    ) async throws -> ByteBuffer {
        if let known = kept.withLock({ $0.value(name) }), .now < known.until { return known.bytes }
        return try await flights.value(for: name, within: patience) { [self] in
            // The text of a request may be long, and anybody can write one.
            let key = Self.prefix + ContentTag.of(Array(name.utf8))
            if let stored = await shared?.get(key), let bytes = Self.content(of: stored, name) {
                keep(bytes, name, for: timeToLive)
                return bytes
            }
            let bytes = try await make()
            guard bytes.readableBytes <= Self.longestAnswer else { return bytes }
            keep(bytes, name, for: timeToLive)
            await shared?.put(key, Self.stored(bytes, name), for: timeToLive)
            return bytes
        }.value
    }

    /// Forgets everything in this process.
    package func removeAll() { kept.withLock { $0.removeAll() } }

    private func keep(_ bytes: ByteBuffer, _ name: String, for timeToLive: Duration) {
        let cost = bytes.readableBytes + name.utf8.count + Self.overhead
        kept.withLock { _ = $0.set(name, Kept(bytes: bytes, until: .now + timeToLive), cost: cost) }
    }

    /// The form in a shared store: a tag of what follows, the name, and the answer.
    private static func stored(_ bytes: ByteBuffer, _ name: String) -> ByteBuffer {
        var body = ByteBuffer()
        body.writeInteger(UInt32(name.utf8.count))
        body.writeString(name)
        body.writeImmutableBuffer(bytes)
        var stored = ByteBuffer(string: ContentTag.of(body))
        stored.writeImmutableBuffer(body)
        return stored
    }

    /// The answer in a stored form; `nil` when it is damaged, or that of another name.
    private static func content(of stored: ByteBuffer, _ name: String) -> ByteBuffer? {
        var stored = stored
        guard let tag = stored.readString(length: 32), tag == ContentTag.of(stored),
            let length = stored.readInteger(as: UInt32.self), let text = stored.readString(length: Int(length)),
            text == name
        else { return nil }
        return stored
    }
}
