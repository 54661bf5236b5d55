import Breaker
import NIOCore
import Synchronization

/// The state of each host: how fast it may be asked, and whether it fails.
final class HostTraffic: Sendable {
    private struct Host {
        var bucket: TokenBucket
        var breaker: CircuitBreaker
        var figures = HostFigures()
    }

    private static let wholeDelay = 1.0

    private let policy: CircuitBreaker.Policy
    private let hosts = Mutex<[String: Host]>([:])

    init(policy: CircuitBreaker.Policy) {
        self.policy = policy
    }

    /// When a request to a host may go.
    func turn(_ host: String, _ limit: PaceLimit, now: NIODeadline) -> NIODeadline {
        change(host, limit) { state in
            state.bucket.tighten(to: limit)
            return state.bucket.take(now: now)
        }
    }

    /// The time from which the host may be asked again; `nil` if it may be asked now.
    func refusal(_ host: String, now: NIODeadline) -> NIODeadline? {
        change(host) { $0.breaker.refusal(now: now, jitter: Self.wholeDelay) }
    }

    func answered(_ host: String) {
        change(host) { state in
            state.figures.requests += 1
            state.breaker.succeeded()
        }
    }

    func failed(_ host: String, now: NIODeadline) {
        change(host) { state in
            state.figures.requests += 1
            state.figures.failures += 1
            state.breaker.failed(now: now, jitter: Self.wholeDelay)
        }
    }

    /// Lets nothing through to a host for as long as it asked.
    func pause(_ host: String, until time: NIODeadline) {
        change(host) { $0.bucket.pause(until: time) }
    }

    /// When a host that asked to be left alone may be asked again; `nil` when it may be asked now.
    func pauseEnd(_ host: String, now: NIODeadline) -> NIODeadline? {
        hosts.withLock { hosts in hosts[host].flatMap { $0.bucket.pauseEnd(now: now) } }
    }

    func state(of host: String, now: NIODeadline) -> BreakerState {
        hosts.withLock { hosts in hosts[host].map { BreakerState($0.breaker, now: now) } ?? .closed }
    }

    /// Each host with its figures, in the order of their names.
    func figures(now: NIODeadline) -> [(host: String, figures: HostFigures)] {
        hosts.withLock { hosts in
            hosts.map { name, host in
                var figures = host.figures
                figures.breaker = BreakerState(host.breaker, now: now)
                return (name, figures)
            }
        }.sorted { $0.0 < $1.0 }
    }

    @discardableResult
    private func change<Output>(
        _ name: String, _ limit: PaceLimit = PaceLimit(), _ body: (inout Host) -> Output
    ) -> Output {
        hosts.withLock { hosts in
            var host = hosts[name] ?? Host(bucket: TokenBucket(limit), breaker: CircuitBreaker(policy: policy))
            defer { hosts[name] = host }
            return body(&host)
        }
    }
}

/// The requests to one host since the process began.
package struct HostFigures: Hashable, Sendable {
    /// Tries, repeated ones included.
    package var requests = 0
    /// Tries without an answer, or with a status from 500 on.
    package var failures = 0
    package var breaker = BreakerState.closed
}

/// The state of a breaker; the raw value is that of the metric `feed_circuit_breaker_state`.
package enum BreakerState: Int, Hashable, Sendable {
    case closed = 0
    case halfOpen = 1
    case open = 2

    init(_ breaker: CircuitBreaker, now: NIODeadline) {
        switch breaker.state {
        case .closed: self = .closed
        case .open(_, let until): self = now < until ? .open : .halfOpen
        case .halfOpen: self = .halfOpen
        }
    }
}
