/// How much the count, its growth and its average weigh in the risk of a cell and day.
package struct RiskWeights: Hashable, Sendable {
    package let count: Double
    package let growth: Double
    package let average: Double

    package static let standard = Self(count: 0.5, growth: 0.3, average: 0.2)

    /// Range of each weight, so that no sum of risks comes near the end of what a number can hold.
    private static let range = 0.0...1000
    /// Least value that one weight at least must have, so that risks do not fall below what they are compared to.
    private static let least = 0.001
    package static let rule = "count, growth and average must each be 0 to 1000, and one of them at least 0.001"

    package init(count: Double, growth: Double, average: Double) {
        self.count = count
        self.growth = growth
        self.average = average
    }

    /// Whether they are as ``rule`` says; only then can be scored by them.
    package var isSound: Bool {
        let all = [count, growth, average]
        return all.allSatisfy(Self.range.contains) && all.contains { $0 >= Self.least }
    }
}
