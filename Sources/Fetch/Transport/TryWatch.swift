package import NIOCore
import Synchronization

/// The time by which something must have happened in one try.
final class TryWatch: Sendable {
    private let clock: any FetchClock
    private let end: NIODeadline
    private let next: Mutex<NIODeadline>

    init(_ limits: FetchLimits, _ clock: any FetchClock) {
        self.clock = clock
        let now = clock.now
        end = now + limits.whole
        next = Mutex(min(end, now + limits.head))
    }

    /// Allows a time for the next step, but never more than is left for the whole.
    func allow(_ time: Duration) {
        let until = min(end, clock.now + time)
        next.withLock { $0 = until }
    }

    /// Allows what is left for the whole, while the reader works on what it has got.
    func rest() {
        next.withLock { $0 = end }
    }

    /// Runs `work` and cancels it when a step takes too long.
    /// - Throws: `late` when it was cancelled for that, otherwise what the work throws.
    func run<Output: Sendable>(
        late: FetchError, _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        try await withThrowingTaskGroup(of: Output?.self) { group in
            group.addTask { try await work() }
            group.addTask { [self] in
                while true {
                    let until = next.withLock { $0 }
                    guard clock.now < until else { return nil }
                    try await clock.sleep(until: until)
                }
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let output = first else { throw late }
            return output
        }
    }
}

/// The body of an answer, piece by piece, within its bounds.
///
/// A reader that leaves before the end ends the connection.
package struct BodyBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    private let base: WireAnswer.Body
    private let url: String
    private let limits: FetchLimits
    private let watch: TryWatch

    init(_ base: WireAnswer.Body, url: String, limits: FetchLimits, watch: TryWatch) {
        self.base = base
        self.url = url
        self.limits = limits
        self.watch = watch
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), url: url, limits: limits, watch: watch)
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: any AsyncIteratorProtocol<ByteBuffer, any Error>
        fileprivate let url: String
        fileprivate let limits: FetchLimits
        fileprivate let watch: TryWatch
        private var count = 0

        fileprivate init(
            base: any AsyncIteratorProtocol<ByteBuffer, any Error>, url: String, limits: FetchLimits, watch: TryWatch
        ) {
            self.base = base
            self.url = url
            self.limits = limits
            self.watch = watch
        }

        /// The next piece, which is not empty; `nil` at the end of the body.
        /// - Throws: ``FetchError`` for a body that is too large, too slow or cut short.
        package mutating func next() async throws -> ByteBuffer? {
            watch.allow(limits.idle)
            defer { watch.rest() }
            do {
                while let piece = try await base.next(isolation: nil) {
                    guard piece.readableBytes > 0 else { continue }
                    count += piece.readableBytes
                    guard count <= limits.bytes else {
                        throw FetchError(
                            .tooLarge, url: url, "the answer has more than \(limits.bytes) bytes, which is its limit")
                    }
                    return piece
                }
                return nil
            } catch let fault as TransportFault {
                throw FetchError(fault, url: url)
            }
        }

        /// Reads what is left, up to a number of bytes; more is left out.
        fileprivate mutating func prefix(_ most: Int) async throws -> ByteBuffer {
            var bytes = ByteBuffer()
            while bytes.readableBytes < most, let piece = try await next() {
                bytes.writeImmutableBuffer(
                    piece.getSlice(
                        at: piece.readerIndex,
                        length:
                            Swift.min(piece.readableBytes, most - bytes.readableBytes)) ?? piece)
            }
            return bytes
        }
    }

    /// All of the body.
    package func collected() async throws -> ByteBuffer {
        var bytes = ByteBuffer()
        for try await piece in self { bytes.writeImmutableBuffer(piece) }
        return bytes
    }

    /// The beginning of the body.
    func beginning(_ most: Int) async throws -> ByteBuffer {
        var iterator = makeAsyncIterator()
        return try await iterator.prefix(most)
    }
}

extension FetchError {
    init(_ fault: TransportFault, url: String) {
        switch fault {
        case .connect(let problem): self.init(.connect, url: url, problem)
        case .certificate(let problem): self.init(.certificate, url: url, problem)
        case .timeout: self.init(.timeout, url: url, "the source did not answer in time")
        case .cutShort(let problem): self.init(.cutShort, url: url, "the answer broke off: \(problem)")
        }
    }
}
