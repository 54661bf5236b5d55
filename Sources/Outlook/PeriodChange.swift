package import Domain
import Foundation

/// How the number of events of a period compares with that of the period of the same length before it.
package struct PeriodChange: Sendable, Equatable {
    package let events: Int
    package let before: Int
    /// The chance that two periods with the same rate differ as much or more: the exact two-sided binomial test of
    /// `events` among both, at a share of 1/2. 1 where there are no events.
    package let p: Double

    /// The fewest events of both periods together at which a change may be called one.
    package static let least = 10

    package init(events: Int, before: Int) {
        precondition(events >= 0 && before >= 0, "counts are not negative")
        self.events = events
        self.before = before
        let total = events + before
        let fewer = min(events, before)
        guard events != before else {
            p = 1
            return
        }
        // At a share of 1/2 both tails are alike, so twice one of them.
        let logHalf = Double(total) * log(0.5)
        var sum = 0.0
        for count in stride(from: fewer, through: 0, by: -1) {
            let term = exp(
                logGamma(Double(total + 1)) - logGamma(Double(count + 1)) - logGamma(Double(total - count + 1))
                    + logHalf)
            sum += term
            if term < sum * 1e-17 { break }
        }
        p = min(1, 2 * sum)
    }

    /// The word for the change at a level: "few" below `least` events, else rising or falling where significant.
    package func word(alpha: Double = 0.05) -> CountTrend {
        if events + before < Self.least { return .few }
        if p >= alpha { return .steady }
        return events > before ? .rising : .falling
    }
}
