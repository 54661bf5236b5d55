import NIOCore
import Testing

@testable import Fetch

@Suite struct TokenBucketTests {
    private static func time(_ seconds: Double) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds * 1e9)) }

    private static func seconds(_ time: NIODeadline) -> Double { Double(time.uptimeNanoseconds) / 1e9 }

    @Test func aBurstGoesAtOnceAndTheRestAtTheRate() {
        var bucket = TokenBucket(PaceLimit(requests: 10, window: .seconds(1), burst: 3))
        let times = (0..<6).map { _ in Self.seconds(bucket.take(now: Self.time(100))) }
        #expect(times == [100, 100, 100, 100.1, 100.2, 100.3])
    }

    @Test func itFillsWhileNobodyAsksAndNotBeyondItsBurst() {
        var bucket = TokenBucket(PaceLimit(requests: 10, window: .seconds(1), burst: 3))
        for _ in 0..<3 { _ = bucket.take(now: Self.time(0)) }
        #expect(Self.seconds(bucket.take(now: Self.time(0.15))) == 0.15)
        let later = (0..<4).map { _ in Self.seconds(bucket.take(now: Self.time(60))) }
        #expect(later == [60, 60, 60, 60.1])
    }

    /// The police's own bucket is of 15 requests a second and 30 at once: no second has more than 15 in the long run.
    @Test func aLongRunKeepsToTheRate() {
        var bucket = TokenBucket(PaceLimit(requests: 15, window: .seconds(1), burst: 30))
        let times = (0..<1000).map { _ in Self.seconds(bucket.take(now: Self.time(0))) }
        // 30 at once, 970 at 15 a second.
        #expect(abs(times[999] - 970.0 / 15) < 0.001)
        for start in times.indices where start + 45 < times.count {
            #expect(times[start + 45] - times[start] >= 0.999)
        }
    }

    @Test func nothingGoesBeforeAPauseIsOver() {
        var bucket = TokenBucket(PaceLimit(requests: 10, window: .seconds(1), burst: 2))
        bucket.pause(until: Self.time(30))
        bucket.pause(until: Self.time(20))
        #expect((0..<3).map { _ in Self.seconds(bucket.take(now: Self.time(1))) } == [30, 30, 30.1])
    }

    @Test func feedsThatShareAHostKeepToTheStricterOfBoth() {
        var bucket = TokenBucket(PaceLimit(requests: 100, window: .seconds(1), burst: 1))
        bucket.tighten(to: PaceLimit(requests: 10, window: .seconds(1), burst: 50))
        bucket.tighten(to: PaceLimit(requests: 1000, window: .seconds(1)))
        #expect((0..<3).map { _ in Self.seconds(bucket.take(now: Self.time(0))) } == [0, 0.1, 0.2])
    }
}
