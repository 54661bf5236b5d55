/// Where the levels of a score begin, and what is unusual.
package struct RiskThresholds: Hashable, Sendable {
    /// Scores above these, 0 to 100 and not descending, are at least medium, high, and critical.
    package let medium: Double
    package let high: Double
    package let critical: Double
    /// A z-score from which a day is flagged; positive.
    package let flagZ: Double

    package static let standard = Self(medium: 25, high: 50, critical: 75, flagZ: 2)

    package init(medium: Double, high: Double, critical: Double, flagZ: Double) {
        self.medium = medium
        self.high = high
        self.critical = critical
        self.flagZ = flagZ
    }
}
