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
