import NIOCore

/// How often something may happen: so many times at once, and then so many times a second.
struct Allowance {
    private let most: Double
    private let perSecond: Double
    private var left: Double
    private var last: NIODeadline?

    /// - Parameters:
    ///   - most: At once; what is not used up does not grow beyond it.
    ///   - perSecond: What comes back each second.
    init(_ most: Double, perSecond: Double) {
        self.most = most
        self.perSecond = perSecond
        left = most
    }

    /// - Parameters:
    ///   - amount: Times.
    ///   - now: Not before that of the last call.
    /// - Returns: Whether there was enough left.
    mutating func take(_ amount: Double = 1, at now: NIODeadline) -> Bool {
        if let last {
            left = min(most, left + Double((now - last).nanoseconds) / 1e9 * perSecond)
        }
        last = now
        guard left >= amount else { return false }
        left -= amount
        return true
    }

    /// Gives some back, beyond what comes with time.
    mutating func add(_ amount: Double) {
        left = min(most, left + amount)
    }
}
