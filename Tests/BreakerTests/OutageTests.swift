import Testing

@testable import Breaker

@Suite struct OutageTests {
    private let start = ContinuousClock.now

    @Test func hundredSecondsAwayAreThreeLines() {
        var outage = Outage()
        var words: [Outage.Word] = []
        var now = start
        var tries = 0
        while now - start < .seconds(100) {
            let (pause, word) = outage.failed(now: now, jitter: 0.5)
            words += word.map { [$0] } ?? []
            tries += 1
            now += pause
        }
        words += outage.succeeded(now: now).map { [$0] } ?? []
        #expect(words.count == 3)
        #expect(words.first == .lost)
        guard case .away(let time, _) = words[1] else { return #expect(Bool(false), "a reminder") }
        #expect(time >= .seconds(60))
        #expect(time < .seconds(66))
        #expect(words[2] == .back(now - start, tries: tries))
        #expect(outage.succeeded(now: now) == nil)
    }

    @Test func waitsGrowUpToALimit() {
        var outage = Outage(BackOff(first: .seconds(1), longest: .seconds(4)))
        let pauses = (0..<5).map { _ in outage.failed(now: start, jitter: 1).pause }
        #expect(pauses == [.seconds(1), .seconds(2), .seconds(4), .seconds(4), .seconds(4)])
    }

    @Test func whatComesAndGoesIsSaidOnceAMinute() {
        var outage = Outage()
        var lines = 0
        for second in 0..<300 {
            let now = start + .seconds(second)
            if outage.failed(now: now, jitter: 1).word != nil { lines += 1 }
            if outage.succeeded(now: now + .milliseconds(500)) != nil { lines += 1 }
        }
        #expect(lines == 10)
    }

    @Test func anOutageAfterQuietTimesBeginsAnew() {
        var outage = Outage()
        _ = outage.failed(now: start, jitter: 1)
        _ = outage.succeeded(now: start + .seconds(1))
        let (pause, word) = outage.failed(now: start + .seconds(90), jitter: 1)
        #expect(pause == .milliseconds(500))
        #expect(word == .lost)
        #expect(outage.succeeded(now: start + .seconds(92)) == .back(.seconds(2), tries: 1))
    }
}
