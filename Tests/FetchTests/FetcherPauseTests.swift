import NIOCore
import TestSupport
import Testing

@testable import Fetch

/// Hosts that ask to be left alone, and what counts as an answer for the breaker.
@Suite struct FetcherPauseTests {
    private func failure(_ fetcher: Fetcher, _ request: FetchRequest) async -> FetchError? {
        do {
            _ = try await fetcher.answer(request)
            return nil
        } catch {
            return error as? FetchError
        }
    }

    @Test(.timeLimit(.minutes(1))) func aPauseHoldsForRequestsThatWaitForTheirTurn() async throws {
        var access = FetcherTests.access
        access.pace = PaceLimit(requests: 1, window: .seconds(1), burst: 1)
        var request = FetcherTests.request(access: access)
        request.retries = 0
        let clock = ManualClock()
        let source = ScriptedSource { number, _ in
            number == 1 ? .status(429, ["Retry-After": "30"]) : .ok("\(number)")
        }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        #expect(try await fetcher.answer(request).text == "0")
        let second = Task { [request] in await failure(fetcher, request) }
        try await until { clock.waiting == 1 }
        let third = Task { [request] in try await fetcher.answer(request).text }
        try await until { clock.waiting == 2 }
        clock.advance(.seconds(1))
        #expect(await second.value?.code == .rateLimited)
        // The third has had its turn at two seconds since before the host asked to be left alone.
        try await until { clock.waiting == 1 }
        clock.advance(.seconds(1))
        try await until { clock.waiting == 1 }
        #expect(source.requests.count == 2)
        clock.advance(.seconds(28))
        for _ in 0..<100 { await Task.yield() }
        #expect(source.requests.count == 2)
        clock.advance(.seconds(1))
        #expect(try await third.value == "2")
    }

    @Test func aHostThatAsksForHoursIsNotAskedByOtherRequests() async throws {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in
            number == 0 ? .status(503, ["Retry-After": "86400"]) : .ok("back")
        }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        #expect(await failure(fetcher, FetcherTests.request())?.status == 503)
        let error = await failure(fetcher, FetcherTests.request("/other"))
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(3600))
        #expect(source.requests.count == 1)
        var elsewhere = FetcherTests.request()
        elsewhere.url = RequestText("https://other.example/")
        #expect(try await fetcher.answer(elsewhere).text == "back")
        // A source cannot shut us out for longer than an hour.
        clock.advance(.seconds(3601))
        #expect(try await fetcher.answer(FetcherTests.request()).text == "back")
    }

    /// A fetcher whose breaker is half open for `source.example`, and whose next answer is `reply`.
    private func halfOpen(_ reply: ScriptedSource.Reply) async -> Fetcher {
        let clock = ManualClock(jumps: true)
        let source = ScriptedSource { number, _ in number < 5 ? .status(500) : reply }
        let fetcher = FetcherTests.fetcher(source, clock: clock)
        for _ in 0..<2 { _ = await failure(fetcher, FetcherTests.request()) }
        clock.advance(.seconds(61))
        #expect(fetcher.hosts.map(\.figures.breaker) == [.halfOpen])
        return fetcher
    }

    @Test func anAnswerThatItsReaderRefusesClosesTheBreaker() async throws {
        struct NotMine: Error {}
        let fetcher = await halfOpen(.ok("fine, but not what was expected"))
        await #expect(throws: NotMine.self) {
            try await fetcher.read(FetcherTests.request()) { _, _ in throw NotMine() }
        }
        #expect(fetcher.hosts.map(\.figures.breaker) == [.closed])
    }

    @Test func aRedirectThatIsNotFollowedClosesTheBreaker() async throws {
        let fetcher = await halfOpen(.status(302, ["Location": "https://evil.example/"]))
        #expect(await failure(fetcher, FetcherTests.request())?.code == .host)
        #expect(fetcher.hosts.map(\.figures.breaker) == [.closed])
    }

    @Test func aFailureOpensItAgain() async throws {
        let fetcher = await halfOpen(.status(500))
        _ = await failure(fetcher, FetcherTests.request())
        #expect(fetcher.hosts.map(\.figures.breaker) == [.open])
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledRequestSaysNothingAboutTheHost() async throws {
        let fetcher = await halfOpen(.silence)
        let task = Task { try await fetcher.answer(FetcherTests.request()).text }
        try await until { fetcher.hosts.map(\.figures.requests) == [5] && fetcher.hosts.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fetcher.hosts.map(\.figures.requests) == [5])
        #expect(fetcher.hosts.map(\.figures.breaker) != [.closed])
    }
}
