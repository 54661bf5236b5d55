import NIOCore

/// How many requests a source takes.
package struct PaceLimit: Hashable, Sendable {
    /// Requests in each `window` on average, 1 or more.
    package let requests: Int
    package let window: Duration
    /// Requests that may follow each other without a pause, 1 or more.
    package let burst: Int

    /// - Parameter burst: `nil` for all requests of a window at once.
    package init(requests: Int = 1000, window: Duration = .seconds(60), burst: Int? = nil) {
        precondition(requests >= 1 && window > .zero && (burst ?? 1) >= 1, "a source takes at least one request")
        self.requests = requests
        self.window = window
        self.burst = burst ?? requests
    }

    /// The time in which one request more is allowed.
    var interval: TimeAmount { TimeAmount(window / requests) }
}

/// Tells each request when it may go: a token bucket as one number, the moment at which it will be full again.
///
/// A request that has to wait takes its token at once, so that those who wait go in the order in which they asked.
struct TokenBucket: Sendable {
    private(set) var limit: PaceLimit
    private var fullAt = NIODeadline.uptimeNanoseconds(0)
    private var pausedUntil = NIODeadline.uptimeNanoseconds(0)

    init(_ limit: PaceLimit) {
        self.limit = limit
    }

    /// Takes a token.
    /// - Returns: When the request may go: now or later.
    mutating func take(now: NIODeadline) -> NIODeadline {
        let start = max(now, pausedUntil)
        let level = max(fullAt, start)
        let room = TimeAmount.nanoseconds(limit.interval.nanoseconds * Int64(limit.burst - 1))
        fullAt = level + limit.interval
        return max(start, level - room)
    }

    /// Lets nothing through before a time, as the source asked for.
    mutating func pause(until time: NIODeadline) {
        pausedUntil = max(pausedUntil, time)
    }

    /// The end of the pause; `nil` when there is none now.
    func pauseEnd(now: NIODeadline) -> NIODeadline? { pausedUntil > now ? pausedUntil : nil }

    /// Follows the stricter of two limits, for feeds that share a host.
    mutating func tighten(to other: PaceLimit) {
        let slower = other.interval > limit.interval ? other : limit
        limit = PaceLimit(
            requests: slower.requests, window: slower.window, burst: Swift.min(limit.burst, other.burst))
    }
}
