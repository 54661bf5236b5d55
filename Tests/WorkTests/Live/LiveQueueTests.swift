import Domain
import TestDomain
import Testing

@testable import Work

@Suite struct LiveQueueTests {
    private var queue = LiveQueue(quiet: .milliseconds(200), longest: .seconds(1))
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test mutating func aDatasetIsDueAfterQuiet() {
        queue.hear("one", at: at(0))
        queue.hear("one", at: at(150))
        #expect(queue.popDue(at: at(349)) == nil)
        #expect(queue.nextDue == at(350))
        #expect(queue.popDue(at: at(350)) == "one")
        #expect(queue.popDue(at: at(10_000)) == nil)
        #expect(queue.nextDue == nil)
    }

    @Test mutating func aDatasetThatNeverRestsIsDueAfterASecond() {
        for number in 0..<50 { queue.hear("busy", at: at(number * 100)) }
        #expect(queue.nextDue == at(1000))
        #expect(queue.popDue(at: at(1000)) == "busy")
        // The next change begins anew.
        queue.hear("busy", at: at(1100))
        #expect(queue.nextDue == at(1300))
    }

    @Test mutating func theOneThatHasBeenDueForLongestComesFirst() {
        queue.hear("late", at: at(100))
        queue.hear("early", at: at(0))
        #expect(queue.popDue(at: at(500)) == "early")
        #expect(queue.popDue(at: at(500)) == "late")
    }

    @Test mutating func aLookLaterDoesNotDelayAChange() {
        queue.wait("one", until: at(5000))
        queue.hear("one", at: at(0))
        #expect(queue.nextDue == at(200))
        queue.wait("one", until: at(6000))
        #expect(queue.popDue(at: at(200)) == "one")
    }
}
