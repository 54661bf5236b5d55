package import Connectors
package import Domain
package import Fetch
import Foundation
package import NIOCore
import Synchronization
import Telemetry

/// A site that a test makes of a function from requests to answers.
package final class FakeSite: Transport {
    package struct Request: Sendable {
        package let number: Int
        package let method: String
        package let path: String
        package let query: [String: String]
        package let headers: [String: String]
        package let url: String
    }

    package struct Reply: Sendable {
        package var status = 200
        package var headers: [String: String] = [:]
        package var body: [UInt8] = []
        /// How many bytes of the body come before the connection breaks.
        package var breaksAfter: Int?

        package init(
            status: Int = 200, headers: [String: String] = [:], body: some Sequence<UInt8> = [], breaksAfter: Int? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = Array(body)
            self.breaksAfter = breaksAfter
        }

        package static func json(_ text: String, status: Int = 200) -> Reply {
            Reply(status: status, headers: ["Content-Type": "application/json;charset=utf-8"], body: Array(text.utf8))
        }

        package static func html(_ status: Int) -> Reply {
            Reply(status: status, headers: ["Content-Type": "text/html"], body: Array("<html>down</html>".utf8))
        }
    }

    package let reply: @Sendable (Request) -> Reply
    private let seen = Mutex<[Request]>([])

    package init(_ reply: @escaping @Sendable (Request) -> Reply) {
        self.reply = reply
    }

    package var requests: [Request] { seen.withLock { $0 } }

    package func forget() { seen.withLock { $0 = [] } }

    package func send(_ wire: WireRequest) async throws -> WireAnswer {
        let components = URLComponents(string: wire.url)
        var query: [String: String] = [:]
        let form = wire.form.map { URLComponents(string: "?\($0)")?.queryItems ?? [] } ?? []
        for item in (components?.queryItems ?? []) + form { query[item.name] = item.value ?? "" }
        let request = seen.withLock { seen in
            let request = Request(
                number: seen.count, method: wire.method.rawValue, path: components?.path ?? "", query: query,
                headers: Dictionary(wire.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }, url: wire.url)
            seen.append(request)
            return request
        }
        let reply = self.reply(request)
        // Small pieces, so that rows are cut anywhere.
        let body = reply.body.prefix(reply.breaksAfter ?? .max)
        let pieces = stride(from: 0, to: body.count, by: 777).map {
            ByteBuffer(bytes: body[$0..<min($0 + 777, body.count)])
        }
        let rest = Mutex(pieces[...])
        let stream = AsyncThrowingStream<ByteBuffer, any Error> {
            if let piece = rest.withLock({ $0.popFirst() }) { return piece }
            if reply.breaksAfter != nil { throw TransportFault.cutShort("the source closed the connection") }
            return nil
        }
        return WireAnswer(
            head: AnswerHead(status: reply.status, headers: reply.headers.map { ($0, $1) }), body: stream)
    }

    /// A fetcher whose pauses take no time.
    package func fetcher(secrets: [String: String] = [:]) -> Fetcher {
        Fetcher(
            self, secrets: Secrets(environment: secrets), resolver: PublicNames(), clock: HastyClock(), jitter: { 1 },
            metrics: PrometheusRegistry())
    }

    private struct PublicNames: HostResolver {
        func addresses(of host: String) async throws -> [IPAddress] { [IPAddress("93.184.216.34")].compactMap { $0 } }
    }
}

/// A clock on which every pause is over at once; only the watches over tries, which look farther ahead, wait.
package final class HastyClock: FetchClock {
    private let elapsed = Mutex<UInt64>(0)

    package var now: NIODeadline { .uptimeNanoseconds(elapsed.withLock { $0 }) }

    /// 2026-06-15 at noon UTC, and what has passed since.
    package var date: Instant { Instant(seconds: 1_781_524_800) + .nanoseconds(elapsed.withLock { $0 }) }

    package func sleep(until time: NIODeadline) async throws {
        let isNear = elapsed.withLock { elapsed in
            guard time.uptimeNanoseconds < elapsed + 25_000_000_000 else { return false }
            elapsed = max(elapsed, time.uptimeNanoseconds)
            return true
        }
        // Until the task is cancelled.
        if !isNear {
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
        }
        try Task.checkCancellation()
    }
}

/// A feed as it is written in a file.
package func feed(_ text: String) throws -> Feed { try FeedFile.read(text, path: "test.yaml") }

/// Reads parts into files of their own and gives their rows.
package struct Reading {
    package let fetched: FetchedPart
    package let rows: [JSONValue]
    package let bytes: [UInt8]

    package init(_ source: any FeedSource, _ part: FeedPart, held: Checkpoint? = nil) async throws {
        let file = try RowFile(path: FileManager.default.temporaryDirectory.path + "/rows-\(UUID().uuidString)")
        defer { file.remove() }
        fetched = try await source.read(part, held: held, into: file)
        try file.finish()
        bytes = Array(FileManager.default.contents(atPath: file.path) ?? Data())
        rows = file.form == .lines ? try bytes.split(separator: 0x0A).map { try JSONValue($0) } : []
    }

    package func values(_ path: String) -> [String] { rows.map { $0.value(at: path)?.text ?? "" } }
}
