import Synchronization
import Testing

@testable import Limits

@Suite struct LocalBucketsTests {
    /// A clock in microseconds that the test sets.
    private final class Clock: Sendable {
        let now = Mutex<Int64>(1_000)
        func advance(_ duration: Duration) { now.withLock { $0 += Int64(duration / .microseconds(1)) } }
    }

    private let clock = Clock()
    private let limit = RateLimit(name: "test", quota: 60)

    private func buckets(capacity: Int = 100) -> LocalBuckets {
        LocalBuckets(capacity: capacity) { [clock] in clock.now.withLock { $0 } }
    }

    @Test func aFullBucketMayBeTakenAtOnceAndNoMore() {
        let buckets = buckets()
        for left in (0..<60).reversed() {
            let level = buckets.take(1, from: "a", limit)
            #expect(level.isAdmitted)
            #expect(level.remaining == left)
        }
        let refused = buckets.take(1, from: "a", limit)
        #expect(!refused.isAdmitted)
        #expect(refused.remaining == 0)
        #expect(refused.untilFull == .seconds(60))
        #expect(refused.retryAfter == .seconds(1))
    }

    @Test func itFillsEvenlyAndNeverAboveItsQuota() {
        let buckets = buckets()
        _ = buckets.take(60, from: "a", limit)
        clock.advance(.milliseconds(2500))
        #expect(buckets.take(2, from: "a", limit).isAdmitted)
        #expect(!buckets.take(1, from: "a", limit).isAdmitted)
        clock.advance(.seconds(3600))
        #expect(buckets.take(0, from: "a", limit).remaining == 60)
    }

    @Test func aRefusalTakesNothing() {
        let buckets = buckets()
        _ = buckets.take(50, from: "a", limit)
        for _ in 0..<100 { #expect(!buckets.take(20, from: "a", limit).isAdmitted) }
        #expect(buckets.take(10, from: "a", limit).isAdmitted)
    }

    @Test func clientsAndLimitsHaveBucketsOfTheirOwn() {
        let buckets = buckets()
        _ = buckets.take(60, from: "a", limit)
        #expect(buckets.take(60, from: "b", limit).isAdmitted)
        #expect(buckets.take(60, from: "a", RateLimit(name: "other", quota: 60)).isAdmitted)
    }

    @Test func whatCostsMoreThanAFullBucketTakesAllOfIt() {
        let buckets = buckets()
        #expect(buckets.take(1000, from: "a", limit).isAdmitted)
        #expect(!buckets.take(1, from: "a", limit).isAdmitted)
    }

    @Test func noMoreBucketsAreKeptThanThereIsRoomFor() {
        let buckets = buckets(capacity: 100)
        _ = buckets.take(60, from: "kept", limit)
        for client in 0..<10_000 {
            _ = buckets.take(1, from: "\(client)", limit)
            // A client that keeps asking is not displaced by others.
            #expect(!buckets.take(60, from: "kept", limit).isAdmitted)
        }
        #expect(buckets.count == 100)
    }
}
