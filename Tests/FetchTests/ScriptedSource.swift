import Fetch
import NIOCore
import Synchronization

/// A source that answers as a test says, in the order of the requests.
final class ScriptedSource: Transport {
    enum Reply: Sendable {
        case answer(Int, [String: String], [String])
        case fault(TransportFault)
        /// Pieces of a body, and then the connection breaks.
        case broken([String])
        /// No head until the request is cancelled.
        case silence
        /// A head, these pieces, and then nothing more.
        case stall([String])

        static func ok(_ body: String, _ headers: [String: String] = [:]) -> Reply { .answer(200, headers, [body]) }
        static func status(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") -> Reply {
            .answer(status, headers, [body])
        }
    }

    private let reply: @Sendable (Int, WireRequest) -> Reply
    private let seen = Mutex<[WireRequest]>([])

    /// - Parameter reply: Called with the number of the request, from 0.
    init(_ reply: @escaping @Sendable (Int, WireRequest) -> Reply) {
        self.reply = reply
    }

    /// A source whose last reply is repeated.
    convenience init(_ replies: [Reply]) {
        self.init { number, _ in replies[min(number, replies.count - 1)] }
    }

    var requests: [WireRequest] { seen.withLock { $0 } }

    func send(_ request: WireRequest) async throws -> WireAnswer {
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        switch reply(number, request) {
        case .fault(let fault): throw fault
        case .silence:
            try await Self.forever()
            throw CancellationError()
        case .answer(let status, let headers, let body): return Self.answer(status, headers, body, end: .ends)
        case .broken(let body): return Self.answer(200, [:], body, end: .breaks)
        case .stall(let body): return Self.answer(200, [:], body, end: .stalls)
        }
    }

    private enum End: Sendable {
        case ends
        case breaks
        case stalls
    }

    private static func answer(
        _ status: Int, _ headers: [String: String], _ body: [String], end: End
    ) -> WireAnswer {
        let pieces = Mutex(body[...])
        let stream = AsyncThrowingStream<ByteBuffer, any Error> {
            if let piece = pieces.withLock({ $0.popFirst() }) { return ByteBuffer(string: piece) }
            switch end {
            case .ends: return nil
            case .breaks: throw TransportFault.cutShort("the source closed the connection")
            case .stalls:
                try await forever()
                return nil
            }
        }
        return WireAnswer(head: AnswerHead(status: status, headers: headers.map { ($0, $1) }), body: stream)
    }

    private static func forever() async throws {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
        continuation.finish()
        try Task.checkCancellation()
    }
}

/// A resolver that knows what a test tells it.
struct KnownNames: HostResolver {
    var names: [String: [String]] = [:]
    var orElse = ["93.184.216.34"]

    func addresses(of host: String) async throws -> [IPAddress] {
        (names[host] ?? orElse).compactMap { IPAddress($0) }
    }
}
