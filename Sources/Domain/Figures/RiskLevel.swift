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
