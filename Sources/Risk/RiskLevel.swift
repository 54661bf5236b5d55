/// Four bands of the risk score, in ascending order.
package enum RiskLevel: String, CaseIterable, Comparable, Sendable {
    case low
    case medium
    case high
    case critical

    /// The band of a score from 0 to 100: up to 25 low, up to 50 medium, up to 75 high, else critical.
    package init(score: Double) {
        self = score <= 25 ? .low : score <= 50 ? .medium : score <= 75 ? .high : .critical
    }

    package static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}
