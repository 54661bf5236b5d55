/// Delays that double from one try to the next, up to a limit, with jitter so that many clients do not return at once.
package struct BackOff: Sendable {
    /// Before the first repetition.
    package var first: Duration

    /// Never longer.
    package var longest: Duration

    package init(first: Duration = .milliseconds(200), longest: Duration = .seconds(10)) {
        self.first = first
        self.longest = longest
    }

    /// - Parameters:
    ///   - repetition: 0 for the first.
    ///   - jitter: From 0 to 1: half of the delay is certain, the other half is multiplied with it.
    package func delay(_ repetition: Int, jitter: Double) -> Duration {
        // Thirty doublings of a nanosecond are a second, of a second thirty years: enough, and no overflow.
        let full = min(first * (1 << min(repetition, 30)), longest)
        return full * (0.5 + 0.5 * jitter)
    }
}
