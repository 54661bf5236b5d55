/// What a bucket said to a client that wanted something out of it.
package struct BucketLevel: Hashable, Sendable {
    package let isAdmitted: Bool
    /// Units that are left.
    package let remaining: Int
    /// Until the bucket is full, if nobody takes any more.
    package let untilFull: Duration
    /// Until the same can be asked for again; zero when it was admitted.
    package let retryAfter: Duration

    /// - Parameters:
    ///   - untilFull: In microseconds.
    ///   - cost: What was wanted, in microseconds.
    init(isAdmitted: Bool, untilFull: Int64, cost: Int64, of limit: RateLimit) {
        let window = limit.windowMicroseconds
        self.isAdmitted = isAdmitted
        remaining = Int(max(0, window - untilFull) * Int64(limit.quota) / window)
        self.untilFull = .microseconds(untilFull)
        retryAfter = isAdmitted ? .zero : .microseconds(max(0, untilFull + cost - window))
    }
}
