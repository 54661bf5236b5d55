import Domain
import NIOCore
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Fetch

@Suite struct FetcherCacheTests {
    /// Answers that several fetchers share.
    private actor Shared: SharedAnswers {
        private(set) var answers: [String: StoredAnswer] = [:]

        func answer(_ key: String) -> StoredAnswer? { answers[key] }

        func keep(_ answer: StoredAnswer, _ key: String, for time: Duration) { answers[key] = answer }
    }

    private func request(_ path: String = "/rows", _ use: FetchRequest.CacheUse = .whileFresh) -> FetchRequest {
        var request = FetcherTests.request(path)
        request.cache = use
        return request
    }

    @Test func aFreshAnswerNeedsNoRequest() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in .ok("\(number)") }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        #expect(try await fetcher.answer(request()).origin == .source)
        clock.advance(.seconds(299))
        let again = try await fetcher.answer(request())
        #expect(again.text == "0")
        #expect(again.origin == .memory)
        #expect(try await fetcher.answer(request("/other")).text == "1")
        clock.advance(.seconds(2))
        #expect(try await fetcher.answer(request()).text == "2")
    }

    @Test func anOldAnswerIsConfirmedByItsTagAndDate() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, request in
            number == 0
                ? .ok("body", ["ETag": "\"v1\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"]) : .status(304)
        }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        let first = try await fetcher.answer(request())
        clock.advance(.seconds(400))
        let second = try await fetcher.answer(request())
        #expect(second.text == "body")
        #expect(second.origin == .confirmed)
        #expect(second.retrieved == first.retrieved)
        let sent = Dictionary(source.requests[1].headers.map { ($0.name, $0.value) }) { $1 }
        #expect(sent["If-None-Match"] == "\"v1\"")
        #expect(sent["If-Modified-Since"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(try await fetcher.answer(request()).origin == .memory)
        #expect(source.requests.count == 2)
        #expect(try await fetcher.answer(request("/rows", .ifConfirmed)).origin == .confirmed)
        #expect(source.requests.count == 3)
    }

    @Test func theLastGoodAnswerStandsInForADayAndSaysSo() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in number == 0 ? .ok("good") : .status(503) }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        _ = try await fetcher.answer(request())
        clock.advance(.seconds(3600))
        let stale = try await fetcher.answer(request())
        #expect(stale.text == "good")
        #expect(stale.origin == .stale)
        clock.advance(.seconds(86_400))
        await #expect(throws: FetchError.self) { try await fetcher.answer(request()) }
    }

    @Test func aRefusalIsNotHiddenByAnOldAnswer() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in number == 0 ? .ok("good") : .status(404) }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        _ = try await fetcher.answer(request())
        clock.advance(.seconds(3600))
        await #expect(throws: FetchError.self) { try await fetcher.answer(request()) }
    }

    @Test func errorsAreNotKept() async throws {
        let source = ScriptedSource { number, _ in number == 0 ? .status(404) : .ok("there now") }
        let fetcher = FetcherTests.fetcher(source)
        await #expect(throws: FetchError.self) { try await fetcher.answer(request()) }
        #expect(try await fetcher.answer(request()).text == "there now")
    }

    @Test func processesShareAnswersForAnHour() async throws {
        let shared = Shared()
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in .ok("\(number)") }
        func another() -> Fetcher {
            Fetcher(
                source, secrets: Secrets(environment: [:]), resolver: KnownNames(), clock: clock, shared: shared,
                metrics: PrometheusRegistry())
        }
        _ = try await another().answer(request())
        clock.advance(.seconds(3599))
        let answer = try await another().answer(request())
        #expect(answer.text == "0")
        #expect(answer.origin == .shared)
        clock.advance(.seconds(2))
        #expect(try await another().answer(request()).text == "1")
    }

    @Test func anAnswerFromAClockThatIsAheadIsNotFresh() async throws {
        let shared = Shared()
        let source = ScriptedSource { number, _ in .ok("\(number)") }
        let ahead = ManualClock(jumps: true)
        ahead.advance(.seconds(864_000))
        for (clock, text) in [(ahead, "0"), (ManualClock(jumps: true), "1")] {
            let fetcher = Fetcher(
                source, secrets: Secrets(environment: [:]), resolver: KnownNames(), clock: clock, shared: shared,
                metrics: PrometheusRegistry())
            #expect(try await fetcher.answer(request()).text == text)
        }
    }

    @Test(arguments: ["\"v\u{E9}\"", "\"\(String(repeating: "v", count: 600))\"", "\"v\u{7}\"", ""])
    func aTagThatCannotBeSentBackIsForgotten(_ tag: String) async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in .ok("\(number)", ["ETag": tag, "Last-Modified": tag]) }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        #expect(try await fetcher.answer(request()).tag == nil)
        clock.advance(.seconds(400))
        #expect(try await fetcher.answer(request()).text == "1")
        #expect(!source.requests[1].headers.contains { $0.name.hasPrefix("If-") })
    }

    @Test func figuresTellWhereAnswersCameFrom() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in
            switch number {
            case 0: .ok("body", ["ETag": "\"v1\""])
            case 1: .status(304)
            default: .status(500)
            }
        }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        for _ in 0..<3 { _ = try await fetcher.answer(request()) }
        for _ in 0..<2 {
            clock.advance(.seconds(400))
            _ = try await fetcher.answer(request())
        }
        var figures = CacheFigures()
        (figures.answers, figures.bytes) = (1, fetcher.cached.bytes)
        (figures.memoryHits, figures.misses, figures.confirmed, figures.stale) = (2, 3, 1, 1)
        #expect(fetcher.cached == figures)
        #expect(figures.bytes >= 4)
    }

    @Test(.timeLimit(.minutes(1))) func equalRequestsAtOneTimeAreOne() async throws {
        let source = ScriptedSource { number, _ in number == 0 ? .status(500) : .ok("shared") }
        let clock = ManualClock()
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        let tasks = (0..<20).map { _ in Task { try await fetcher.answer(request()).text } }
        // The pause after the failure holds the one flight, so that all others find it.
        try await until { clock.waiting == 1 && source.requests.count == 1 }
        for _ in 0..<200 { await Task.yield() }
        clock.advance(.seconds(2))
        for task in tasks { #expect(try await task.value == "shared") }
        #expect(source.requests.count == 2)
    }

    @Test func aKeptAnswerIsReadBackAsItWas() throws {
        let head = AnswerHead(status: 200, headers: [("ETag", "\"a\nb\""), ("Content-Type", "application/json")])
        let answer = StoredAnswer(head, ByteBuffer(string: "{\n}\u{0}\n"), at: Instant(microseconds: 1_234_567))
        let bytes = answer.encoded(key: "GET\nhttps://h/")
        #expect(StoredAnswer(encoded: bytes, key: "GET\nhttps://h/") == answer)
        #expect(StoredAnswer(encoded: bytes, key: "GET\nhttps://other/") == nil)
        #expect(
            StoredAnswer(encoded: bytes.getSlice(at: 0, length: bytes.readableBytes - 1)!, key: "GET\nhttps://h/")
                == nil)
        #expect(StoredAnswer(encoded: ByteBuffer(string: "OK"), key: "") == nil)
    }

    @Test func metricsTellWhatWasAskedAndFound() async throws {
        let registry = PrometheusRegistry()
        let source = ScriptedSource { number, _ in number == 0 ? .status(500) : .ok("x") }
        let fetcher = FetcherTests.fetcher(source, registry: registry)
        _ = try await fetcher.answer(request())
        _ = try await fetcher.answer(request())
        let page = registry.text()
        for line in [
            #"feed_requests_total{method="GET",source="test",status="500"} 1"#,
            #"feed_requests_total{method="GET",source="test",status="200"} 1"#,
            "feed_request_duration_seconds_count 2", #"feed_cache_hits_total{tier="memory"} 1"#,
            "feed_cache_misses_total 1", #"feed_circuit_breaker_state{host="source.example"} 0"#,
        ] {
            #expect(page.contains(line), "\(line)")
        }
    }
}
