/// How much the count, its growth and its average weigh in the risk of a cell and day.
package struct RiskWeights: Hashable, Sendable {
    package let count: Double
    package let growth: Double
    package let average: Double

    package static let standard = Self(count: 0.5, growth: 0.3, average: 0.2)

    package init(count: Double, growth: Double, average: Double) {
        self.count = count
        self.growth = growth
        self.average = average
    }
}
