import NIOCore

/// A limit on how often something may happen: a number of times at once, and then a number of times a second.
struct Allowance {
    private let most: Double
    private let perSecond: Double
    private var left: Double
    private var last: NIODeadline?

    /// - Parameters:
    ///   - most: How often at once. Unused allowance does not grow beyond it.
    ///   - perSecond: How much comes back each second.
    init(_ most: Double, perSecond: Double) {
        self.most = most
        self.perSecond = perSecond
        left = most
    }

    /// - Parameters:
    ///   - amount: How much to take.
    ///   - now: The current time, not before that of the last call.
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

    /// Gives some back, in addition to what comes with time.
    mutating func add(_ amount: Double) {
        left = min(most, left + amount)
    }
}
