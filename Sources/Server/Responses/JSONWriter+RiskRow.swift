import H3
import Risk

extension JSONWriter {
    /// The fields of a risk row, under the names that tiles give them.
    mutating func fields(of row: RiskRow) {
        field("h3_index", row.cell.description)
        field("day", row.day.description)
        field("resolution", row.resolution)
        field("event_count", row.eventCount)
        field("rolling_7d_avg", row.rolling7dAvg)
        field("growth_rate", row.growthRate)
        field("risk_score", row.riskScore)
        field("risk_level", row.riskLevel.rawValue)
        field("z_score", row.zScore)
        field("anomaly", row.anomaly)
    }
}
