/// Delays that double from one try to the next, up to a limit, with jitter so that many clients do not return at once.
package struct BackOff: Sendable {
    /// The delay before the first repetition.
    package var first: Duration

    /// The longest delay.
    package var longest: Duration

    package init(first: Duration = .milliseconds(200), longest: Duration = .seconds(10)) {
        self.first = first
        self.longest = longest
    }

    /// - Parameters:
    ///   - repetition: The number of the repetition, 0 for the first.
    ///   - jitter: A number from 0 to 1. Half of the delay is fixed, the other half is multiplied by it.
    package func delay(_ repetition: Int, jitter: Double) -> Duration {
        // Thirty doublings turn a nanosecond into a second and a second into thirty years: enough, without overflow.
        let full = min(first * (1 << min(repetition, 30)), longest)
        return full * (0.5 + 0.5 * jitter)
    }
}
