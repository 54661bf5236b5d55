package import H3

/// The figures of one cell on one day.
package struct RiskRow: Hashable, Sendable {
    package var cell: H3Cell
    package var day: LocalDay
    package var resolution: Int
    package var eventCount: Int
    /// The mean number of events a day over the seven days that end with `day`.
    package var rolling7dAvg: Double
    /// The growth rate: (count - mean of the seven days before) / max(that mean, 1/7).
    package var growthRate: Double
    /// The score, 0 to 100, relative to the run.
    package var riskScore: Double
    package var riskLevel: RiskLevel
    /// The z-score: standard deviations above the cell's mean over the days of the run.
    package var zScore: Double
    /// Whether `zScore` reached the threshold.
    package var anomaly: Bool
    /// Whether the count has a chance of at most 1 in 1000 by the cell's other days of the run, and is at least 3.
    package var unusual: Bool
    /// The place in words: the names of the areas that the cell lies in; `nil` where it has none.
    package var area: String?

    package init(
        cell: H3Cell, day: LocalDay, resolution: Int, eventCount: Int, rolling7dAvg: Double, growthRate: Double,
        riskScore: Double, riskLevel: RiskLevel, zScore: Double, anomaly: Bool, unusual: Bool
    ) {
        self.cell = cell
        self.day = day
        self.resolution = resolution
        self.eventCount = eventCount
        self.rolling7dAvg = rolling7dAvg
        self.growthRate = growthRate
        self.riskScore = riskScore
        self.riskLevel = riskLevel
        self.zScore = zScore
        self.anomaly = anomaly
        self.unusual = unusual
    }
}
