/// The four levels of a score, in ascending order.
package enum RiskLevel: String, CaseIterable, Comparable, Sendable {
    case low
    case medium
    case high
    case critical

    /// The level of a score from 0 to 100 by the standard thresholds.
    package init(score: Double) {
        let thresholds = RiskThresholds.standard
        self =
            score <= thresholds.medium
            ? .low : score <= thresholds.high ? .medium : score <= thresholds.critical ? .high : .critical
    }

    package static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    /// The place in the order: 0 for low to 3 for critical.
    package var order: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}

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

/// The weights of the count, its growth and its mean in the risk of a cell and day.
package struct RiskWeights: Hashable, Sendable {
    package let count: Double
    package let growth: Double
    package let average: Double

    package static let standard = Self(count: 0.5, growth: 0.3, average: 0.2)

    /// The range of each weight, so that sums of risks stay far below the largest number.
    private static let range = 0.0...1000
    /// The least value that at least one weight must have, so that risks can still be told apart.
    private static let least = 0.001
    package static let rule = "count, growth and average must each be 0 to 1000, and one of them at least 0.001"

    package init(count: Double, growth: Double, average: Double) {
        self.count = count
        self.growth = growth
        self.average = average
    }

    /// Whether the weights follow ``rule``, which scoring requires.
    package var isSound: Bool {
        let all = [count, growth, average]
        return all.allSatisfy(Self.range.contains) && all.contains { $0 >= Self.least }
    }
}
