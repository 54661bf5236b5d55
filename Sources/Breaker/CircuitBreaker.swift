package import NIOCore

/// Decides whether a failing server is asked at all: a state machine without a clock, random numbers or I/O of its
/// own.
///
/// While closed, it lets all requests through and counts failures in a row. At the limit it opens: nothing passes
/// until a delay is over. Then, half open, it lets one request through: success closes it, a failure opens it for
/// longer. A request whose outcome is never reported blocks nothing, because the next one is let through after the
/// same delay.
package struct CircuitBreaker: Sendable {
    package struct Policy: Sendable {
        /// Failures in a row that open the breaker, at least one.
        package var failuresToOpen = 3

        /// How long the breaker stays open, from one opening to the next.
        package var backOff = BackOff()

        package init() {}
    }

    package enum State: Equatable, Sendable {
        case closed(failures: Int)
        case open(openings: Int, until: NIODeadline)
        case halfOpen(openings: Int, until: NIODeadline)
    }

    private let policy: Policy
    package private(set) var state = State.closed(failures: 0)

    package init(policy: Policy) {
        precondition(policy.failuresToOpen >= 1, "a breaker opens after at least one failure")
        self.policy = policy
    }

    /// Whether all requests are held back now.
    package func isOpen(now: NIODeadline) -> Bool {
        switch state {
        case .closed: false
        case .open(_, let until), .halfOpen(_, let until): now < until
        }
    }

    /// Whether a request may be made now: nil if it may, otherwise the time from which it may.
    package mutating func refusal(now: NIODeadline, jitter: Double) -> NIODeadline? {
        switch state {
        case .closed: return nil
        case .open(_, let until) where now < until: return until
        case .halfOpen(_, let until) where now < until: return until
        case .open(let openings, _), .halfOpen(let openings, _):
            state = .halfOpen(openings: openings, until: now + delay(openings, jitter))
            return nil
        }
    }

    /// Reports that the server has answered.
    package mutating func succeeded() {
        state = .closed(failures: 0)
    }

    /// Reports that the server could not be reached, did not answer in time, or broke off.
    package mutating func failed(now: NIODeadline, jitter: Double) {
        switch state {
        case .closed(let failures) where failures + 1 < policy.failuresToOpen: state = .closed(failures: failures + 1)
        case .closed: state = .open(openings: 1, until: now + delay(1, jitter))
        case .halfOpen(let openings, _):
            state = .open(openings: openings + 1, until: now + delay(openings + 1, jitter))
        case .open: break
        }
    }

    private func delay(_ openings: Int, _ jitter: Double) -> TimeAmount {
        TimeAmount(policy.backOff.delay(openings - 1, jitter: jitter))
    }
}
