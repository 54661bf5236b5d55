import NIOCore
import Testing

@testable import Breaker

/// The breaker as a state machine; the test supplies time and jitter.
@Suite struct CircuitBreakerTests {
    static func breaker(failuresToOpen: Int = 3) -> CircuitBreaker {
        var policy = CircuitBreaker.Policy()
        policy.failuresToOpen = failuresToOpen
        policy.backOff = BackOff(first: .seconds(1), longest: .seconds(5))
        return CircuitBreaker(policy: policy)
    }

    static func seconds(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    @Test func failuresInARowOpenIt() {
        var breaker = Self.breaker()
        for _ in 0..<2 {
            breaker.failed(now: Self.seconds(0), jitter: 1)
            #expect(breaker.refusal(now: Self.seconds(0), jitter: 1) == nil)
        }
        breaker.failed(now: Self.seconds(0), jitter: 1)
        #expect(breaker.refusal(now: Self.seconds(0), jitter: 1) == Self.seconds(1))
    }

    @Test func itIsOpenUntilItsDelayIsOver() {
        var breaker = Self.breaker(failuresToOpen: 1)
        #expect(!breaker.isOpen(now: Self.seconds(0)))
        breaker.failed(now: Self.seconds(0), jitter: 1)
        #expect(breaker.isOpen(now: Self.seconds(0)))
        #expect(!breaker.isOpen(now: Self.seconds(1)))
        // The probe that it lets through keeps others out.
        _ = breaker.refusal(now: Self.seconds(1), jitter: 1)
        #expect(breaker.isOpen(now: Self.seconds(1)))
    }

    @Test func answerBetweenFailuresKeepsItClosed() {
        var breaker = Self.breaker()
        for _ in 0..<10 {
            breaker.failed(now: Self.seconds(0), jitter: 1)
            breaker.failed(now: Self.seconds(0), jitter: 1)
            breaker.succeeded()
        }
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func halfOpenLetsOneThrough() {
        var breaker = Self.breaker(failuresToOpen: 1)
        breaker.failed(now: Self.seconds(0), jitter: 1)
        #expect(breaker.refusal(now: Self.seconds(1), jitter: 1) == nil)
        #expect(breaker.refusal(now: Self.seconds(1), jitter: 1) == Self.seconds(2))
        breaker.succeeded()
        #expect(breaker.refusal(now: Self.seconds(1), jitter: 1) == nil)
        #expect(breaker.refusal(now: Self.seconds(1), jitter: 1) == nil)
    }

    @Test func requestWithoutOutcomeDoesNotBlockForEver() {
        var breaker = Self.breaker(failuresToOpen: 1)
        breaker.failed(now: Self.seconds(0), jitter: 1)
        #expect(breaker.refusal(now: Self.seconds(1), jitter: 1) == nil)
        #expect(breaker.refusal(now: Self.seconds(2), jitter: 1) == nil)
    }

    @Test func delayGrowsToItsLimitAndIsForgottenOnSuccess() {
        var breaker = Self.breaker(failuresToOpen: 1)
        var now = Self.seconds(0)
        var delays: [TimeAmount] = []
        for _ in 0..<5 {
            breaker.failed(now: now, jitter: 1)
            guard let until = breaker.refusal(now: now, jitter: 1) else {
                Issue.record("it is open")
                return
            }
            delays.append(until - now)
            now = until
            #expect(breaker.refusal(now: now, jitter: 1) == nil)
        }
        #expect(delays == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        breaker.succeeded()
        breaker.failed(now: now, jitter: 1)
        #expect(breaker.refusal(now: now, jitter: 1) == now + .seconds(1))
    }

    @Test(arguments: [(0.0, 500), (0.5, 750), (1.0, 1000)])
    func jitterTakesUpToHalfOfTheDelay(jitter: Double, milliseconds: Int) {
        #expect(BackOff(first: .seconds(1)).delay(0, jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test func manyRepetitionsDoNotOverflow() {
        let backOff = BackOff(first: .seconds(1), longest: .seconds(10))
        #expect(backOff.delay(.max, jitter: 1) == .seconds(10))
    }
}
