/// The scores at which levels begin, and the z-score at which a day is flagged.
package struct RiskThresholds: Hashable, Sendable {
    /// Scores above this one are at least medium. The three thresholds are 0 to 100 and do not descend.
    package let medium: Double
    package let high: Double
    package let critical: Double
    /// The z-score from which a day is flagged; positive.
    package let flagZ: Double

    package static let standard = Self(medium: 25, high: 50, critical: 75, flagZ: 2)

    package init(medium: Double, high: Double, critical: Double, flagZ: Double) {
        self.medium = medium
        self.high = high
        self.critical = critical
        self.flagZ = flagZ
    }
}
