import Domain
import TestDomain
import Testing

@testable import Tiles

@Suite struct ChangeFeedTests {
    private func change(_ generation: Int64, _ day: String? = "2021-06-01", _ dataset: Slug = "toronto") -> ServedChange
    {
        ServedChange(dataset: dataset, day: day.flatMap { LocalDay($0) }, generation: generation)
    }

    private func news(_ generation: Int64, whole: Int64 = 4, _ changes: [ServedChange]? = []) -> ServedNews {
        ServedNews(generation: generation, whole: whole, changes: changes)
    }

    @Test func whoWasThereGetsWhatHasChangedSince() {
        let feed = ChangeFeed()
        feed.hear(news(5))
        feed.hear(news(6, [change(6)]))
        feed.hear(news(8, [change(8), change(7, nil, "boston")]))
        #expect(feed.changes(after: 5).changes == .known([change(6), change(7, nil, "boston"), change(8)]))
        #expect(feed.changes(after: 6).changes == .known([change(7, nil, "boston"), change(8)]))
        #expect(feed.changes(after: 8).changes == .known([]))
        #expect(feed.changes(after: 6).newest == 8)
    }

    /// Changes from before the process began are not known, nor is what another database calls 9.
    @Test func whatIsNotKnownMayBeAnything() {
        let feed = ChangeFeed()
        feed.hear(news(5, [change(5)]))
        #expect(feed.changes(after: 4).changes == .anything)
        #expect(feed.changes(after: 9).changes == .anything)
    }

    @Test func aRefreshOfEverythingMayBeAnything() {
        let feed = ChangeFeed()
        feed.hear(news(5))
        feed.hear(news(6, [change(6)]))
        feed.hear(news(8, whole: 7, [change(8)]))
        #expect(feed.changes(after: 6).changes == .anything)
        #expect(feed.changes(after: 7).changes == .known([change(8)]))
        feed.hear(news(9, whole: 7, nil))
        #expect(feed.changes(after: 8).changes == .anything)
    }

    @Test func onlySomeChangesAreKept() {
        let feed = ChangeFeed(limit: 3)
        feed.hear(news(5))
        for generation in Int64(6)...10 { feed.hear(news(generation, [change(generation)])) }
        #expect(feed.changes(after: 6).changes == .anything)
        #expect(feed.changes(after: 7).changes == .known([change(8), change(9), change(10)]))
        // Those of one generation are kept together or not at all.
        feed.hear(news(11, [change(11, "2021-06-01"), change(11, "2021-06-02"), change(11, "2021-06-03")]))
        #expect(feed.changes(after: 9).changes == .anything)
        #expect(
            feed.changes(after: 10).changes
                == .known([change(11, "2021-06-01"), change(11, "2021-06-02"), change(11, "2021-06-03")]))
    }

    @Test func aListenerIsWokenOnceForManyChangesAndLeaves() async throws {
        let feed = ChangeFeed(mostListeners: 1)
        feed.hear(news(5))
        do {
            let signals = try #require(feed.listen())
            #expect(feed.listeners == 1)
            #expect(feed.listen() == nil)
            for generation in Int64(6)...100 { feed.hear(news(generation, [change(generation)])) }
            var iterator = signals.makeAsyncIterator()
            let signal = await iterator.next()
            guard case .changed = try #require(signal) else {
                Issue.record("\(String(describing: signal))")
                return
            }
            guard case .known(let changes) = feed.changes(after: 5).changes else {
                Issue.record("the changes are not known")
                return
            }
            #expect(changes.map(\.generation) == Array(6...100))
        }
        #expect(feed.listeners == 0)
        #expect(feed.listen() != nil)
    }

    @Test func theSameNewsWakesNobody() async throws {
        let feed = ChangeFeed(idle: .milliseconds(20))
        feed.hear(news(5))
        let signals = try #require(feed.listen())
        feed.hear(news(5))
        let task = Task { try await feed.run() }
        var iterator = signals.makeAsyncIterator()
        guard case .idle = try #require(await iterator.next()) else {
            Issue.record("old news woke the listener")
            return
        }
        task.cancel()
        try await task.value
        // The end of the service ends all streams, but for a signal that is left.
        while await iterator.next() != nil {}
        #expect(feed.listen() == nil)
    }
}
