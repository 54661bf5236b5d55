package import H3

/// What is known of one cell on one day.
package struct RiskRow: Hashable, Sendable {
    package var cell: H3Cell
    package var day: LocalDay
    package var resolution: Int
    package var eventCount: Int
    /// Events a day over the seven days that end with `day`.
    package var rolling7dAvg: Double
    /// (count - average of the seven days before) / max(that average, 1/7).
    package var growthRate: Double
    /// 0 to 100 within the run that scored it.
    package var riskScore: Double
    package var riskLevel: RiskLevel
    /// Standard deviations above the cell's mean day of the run.
    package var zScore: Double
    /// Whether `zScore` reached the threshold of the run.
    package var anomaly: Bool

    package init(
        cell: H3Cell, day: LocalDay, resolution: Int, eventCount: Int, rolling7dAvg: Double, growthRate: Double,
        riskScore: Double, riskLevel: RiskLevel, zScore: Double, anomaly: Bool
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
    }
}
