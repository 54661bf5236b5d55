package import Domain
package import H3
import Postgres
package import Risk

/// Looks up the numbers behind the score of a cell.
package struct ExplanationStore: Sendable {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// The explanation; `nil` when the cell has no row on that day, because it had no events or the day was not scored
    /// at that resolution.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func explanation(dataset: Slug, cell: H3Cell, day: LocalDay) async throws -> ScoreExplanation? {
        let resolution = Int16(cell.resolution.number)
        let rows = try await database.query(sql[.explainScore], [dataset, resolution, cell.bitPattern, day])
        guard let row = rows.first else { return nil }
        var fields = row.fields
        let figures = ScoreExplanation.Figures(
            count: try fields.next("event_count"), rolling7dAvg: try fields.next("rolling_7d_avg"),
            growthRate: try fields.next("growth_rate"), risk: try fields.next("risk"),
            score: try fields.next("risk_score"), level: try fields.next("risk_level"),
            zScore: try fields.next("z_score"), isFlagged: try fields.next("anomaly"))
        let weights = RiskWeights(
            count: try fields.next("weight_count"), growth: try fields.next("weight_growth"),
            average: try fields.next("weight_average"))
        let number: Int64 = try fields.next("run")
        let first: LocalDay = try fields.next("from_day")
        let run = ScoreExplanation.Run(
            number: number, days: first...(try fields.next("to_day")),
            normalization: Normalization(rawValue: try fields.next("normalization")) ?? .minmax,
            thresholds: RiskThresholds(
                medium: try fields.next("level_medium"), high: try fields.next("level_high"),
                critical: try fields.next("level_critical"), flagZ: try fields.next("flag_z")),
            rows: try fields.next("rows"), lowestRisk: try fields.next("lowest_risk"),
            highestRisk: try fields.next("highest_risk"))
        let isCurrent: Bool = try fields.next("is_current")
        let counts = try await database.query(
            sql[.explainCounts],
            [
                dataset, resolution, cell.bitPattern, min(first, day).advanced(by: -Scoring.lookBack),
                run.days.upperBound,
            ])
        return ScoreExplanation(
            day: day, run: run, figures: figures, weights: weights, isCurrent: isCurrent,
            counts: try counts.reduce(into: [:]) { counts, row in
                var fields = row.fields
                counts[try fields.next("day", as: LocalDay.self)] = try fields.next("count", as: Int.self)
            })
    }
}
