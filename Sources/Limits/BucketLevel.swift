/// The state of a client's bucket after a request asked for units.
package struct BucketLevel: Hashable, Sendable {
    package let isAdmitted: Bool
    /// The units that are left.
    package let remaining: Int
    /// The time until the bucket is full if nobody takes more.
    package let untilFull: Duration
    /// The time until the same request can succeed; zero when this one was admitted.
    package let retryAfter: Duration

    /// - Parameters:
    ///   - untilFull: The time until the bucket is full, in microseconds.
    ///   - cost: The units that were asked for, in microseconds.
    init(isAdmitted: Bool, untilFull: Int64, cost: Int64, of limit: RateLimit) {
        let window = limit.windowMicroseconds
        self.isAdmitted = isAdmitted
        remaining = Int(max(0, window - untilFull) * Int64(limit.quota) / window)
        self.untilFull = .microseconds(untilFull)
        retryAfter = isAdmitted ? .zero : .microseconds(max(0, untilFull + cost - window))
    }
}
