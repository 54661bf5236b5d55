import Domain
import NIOCore
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Fetch

/// The layers together, over a scripted source and a clock that jumps over pauses.
@Suite struct FetcherTests {
    static let access = SourceAccess(hosts: AllowedHosts(["source.example", "other.example"]))

    static func request(_ path: String = "/rows", access: SourceAccess = access) -> FetchRequest {
        FetchRequest(RequestText("https://source.example\(path)"), source: "test", access: access)
    }

    static func fetcher(
        _ source: ScriptedSource, clock: ManualClock = ManualClock(jumps: true), names: KnownNames = KnownNames(),
        secrets: [String: String] = [:], registry: PrometheusRegistry = PrometheusRegistry()
    ) -> Fetcher {
        Fetcher(
            source, secrets: Secrets(environment: secrets), resolver: names, clock: clock, jitter: { 1 },
            metrics: registry)
    }

    private func failure(_ fetcher: Fetcher, _ request: FetchRequest = request()) async throws -> FetchError {
        do {
            _ = try await fetcher.answer(request)
        } catch let error as FetchError {
            return error
        }
        Issue.record("there was an answer")
        throw CancellationError()
    }

    @Test func anAnswerComesWhole() async throws {
        let source = ScriptedSource([.answer(200, ["Content-Type": "text/CSV; charset=utf-8"], ["a,", "", "b\n"])])
        let answer = try await Self.fetcher(source).answer(Self.request())
        #expect(answer.text == "a,b\n")
        #expect(answer.mediaType == "text/csv")
        #expect(answer.origin == .source)
        #expect(source.requests.map(\.address) == [IPAddress("93.184.216.34")])
    }

    @Test(arguments: [
        ScriptedSource.Reply.status(500), .status(503), .status(504), .fault(.timeout), .fault(.connect("refused")),
        .fault(.cutShort("closed")), .broken(["half"]), .status(429),
    ])
    func failuresAreRepeatedWithGrowingPauses(_ reply: ScriptedSource.Reply) async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource([reply, reply, reply, .ok("in the end")])
        let answer = try await Self.fetcher(source, clock: clock).answer(Self.request())
        #expect(answer.text == "in the end")
        #expect(clock.pauses == [1, 2, 4])
    }

    @Test(arguments: [400, 401, 403, 404, 409, 410])
    func refusalsAreNot(_ status: Int) async throws {
        let source = ScriptedSource([.status(status, [:], #"{"error": "no such column"}"#)])
        let error = try await failure(Self.fetcher(source))
        #expect(error.code == .status)
        #expect(error.status == status)
        #expect(error.body == #"{"error": "no such column"}"#)
        #expect(!error.isTemporary)
        #expect(source.requests.count == 1)
    }

    @Test func afterFourTriesItFails() async throws {
        let source = ScriptedSource([.status(502)])
        let error = try await failure(Self.fetcher(source))
        #expect(error.status == 502)
        #expect(error.isTemporary)
        #expect(source.requests.count == 4)
    }

    @Test func retryAfterIsObeyedByAllRequestsToTheHost() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource([.status(429, ["Retry-After": "15"]), .ok("late"), .ok("later")])
        let fetcher = Self.fetcher(source, clock: clock)
        #expect(try await fetcher.answer(Self.request()).text == "late")
        #expect(clock.pauses == [15])
    }

    @Test func aSourceThatAsksForTooMuchTimeIsLeftToALaterRun() async throws {
        let source = ScriptedSource([.status(429, ["Retry-After": "86400"])])
        let error = try await failure(Self.fetcher(source))
        #expect(error.code == .rateLimited)
        #expect(error.retryAfter == .seconds(86_400))
        #expect(source.requests.count == 1)
    }

    @Test func workInProgressIsAskedForAgainAndDoesNotOpenTheBreaker() async throws {
        let source = ScriptedSource(Array(repeating: .status(202), count: 9) + [.ok("done")])
        let fetcher = Self.fetcher(source)
        #expect(try await fetcher.answer(Self.request()).text == "done")
        #expect(fetcher.hosts.map(\.figures.breaker) == [.closed])
    }

    @Test func fiveFailuresInARowLeaveTheHostAloneForAMinute() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in number < 5 ? .status(500) : .ok("back") }
        let fetcher = Self.fetcher(source, clock: clock)
        _ = try await failure(fetcher)
        // The fifth try opens the breaker, which ends the request.
        #expect(try await failure(fetcher).code == .circuitOpen)
        #expect(source.requests.count == 5)
        #expect(fetcher.hosts.map(\.figures.breaker) == [.open])
        #expect(try await failure(fetcher).code == .circuitOpen)
        #expect(source.requests.count == 5)
        // Another host is not concerned.
        var other = Self.request()
        other.url = RequestText("https://other.example/")
        #expect(try await fetcher.answer(other).text == "back")
        clock.advance(.seconds(61))
        #expect(fetcher.hosts.first { $0.host == "source.example" }?.figures.breaker == .halfOpen)
        #expect(try await fetcher.answer(Self.request()).text == "back")
        #expect(fetcher.hosts.allSatisfy { $0.figures.breaker == .closed })
    }

    @Test func aReaderBeginsAgainWhenTheBodyBreaksOff() async throws {
        let source = ScriptedSource([.broken(["1,", "2,"]), .answer(200, [:], ["1,", "2,", "3"])])
        let starts = Mutex(0)
        let text = try await Self.fetcher(source).read(Self.request()) { _, body in
            starts.withLock { $0 += 1 }
            return String(buffer: try await body.collected())
        }
        #expect(text == "1,2,3")
        #expect(starts.withLock { $0 } == 2)
    }

    @Test func anErrorOfTheReaderEndsTheRequest() async throws {
        struct NotMine: Error {}
        let source = ScriptedSource([.ok("x")])
        await #expect(throws: NotMine.self) {
            try await Self.fetcher(source).read(Self.request()) { _, _ in throw NotMine() }
        }
        #expect(source.requests.count == 1)
    }

    @Test func aBodyBeyondItsLimitIsRefusedBeforeItIsAllThere() async throws {
        var access = Self.access
        access.limits.bytes = 10
        let source = ScriptedSource([.answer(200, [:], ["12345", "67890", "1", "more"])])
        let error = try await failure(Self.fetcher(source), Self.request(access: access))
        #expect(error.code == .tooLarge)
        #expect(source.requests.count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func aSilentSourceIsGivenUpAfterThirtySeconds() async throws {
        let clock = ManualClock()
        let source = ScriptedSource([.silence])
        let fetcher = Self.fetcher(source, clock: clock)
        var request = Self.request()
        request.retries = 0
        let task = Task { [request] in try await failure(fetcher, request) }
        try await until { clock.waiting == 1 && source.requests.count == 1 }
        clock.advance(.seconds(29))
        #expect(clock.waiting == 1)
        clock.advance(.seconds(1))
        #expect(try await task.value.code == .timeout)
        #expect(clock.waiting == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aBodyThatStallsIsGivenUp() async throws {
        let clock = ManualClock()
        let fetcher = Self.fetcher(ScriptedSource([.stall(["a", "b"])]), clock: clock)
        var request = Self.request()
        request.retries = 0
        let pieces = Mutex(0)
        let task = Task { [request] in
            await #expect(throws: FetchError.self) {
                try await fetcher.read(request) { _, body in
                    for try await _ in body { pieces.withLock { $0 += 1 } }
                }
            }
        }
        try await until { pieces.withLock { $0 } == 2 && clock.waiting == 1 }
        // The watch wakes at its old time, sees that there was progress, and waits on.
        while pieces.withLock({ $0 }) == 2, clock.now < .uptimeNanoseconds(61_000_000_000) {
            clock.advance(.seconds(5))
            for _ in 0..<100 { await Task.yield() }
        }
        _ = await task.value
        #expect(clock.waiting == 0)
    }

    @Test(.timeLimit(.minutes(1))) func cancellingEndsARequestAtOnce() async throws {
        let clock = ManualClock()
        let source = ScriptedSource([.silence])
        let fetcher = Self.fetcher(source, clock: clock)
        let task = Task { try await fetcher.read(Self.request()) { _, _ in } }
        try await until { source.requests.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.waiting == 0)
    }

    @Test func requestsKeepToTheRateOfTheHost() async throws {
        var access = Self.access
        access.pace = PaceLimit(requests: 2, window: .seconds(1), burst: 2)
        let clock = ManualClock(jumps: true)
        let fetcher = Self.fetcher(ScriptedSource([.ok("x")]), clock: clock)
        for _ in 0..<5 { _ = try await fetcher.answer(Self.request(access: access)) }
        #expect(clock.pauses == [0.5, 0.5, 0.5])
    }
}
