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
        let first: LocalDay = try row.get(12)
        let run = ScoreExplanation.Run(
            number: try row.get(11), days: first...(try row.get(13)),
            normalization: Normalization(rawValue: try row.get(14)) ?? .minmax,
            thresholds: RiskThresholds(
                medium: try row.get(15), high: try row.get(16), critical: try row.get(17), flagZ: try row.get(18)),
            rows: try row.get(19), lowestRisk: try row.get(20), highestRisk: try row.get(21))
        let figures = ScoreExplanation.Figures(
            count: try row.get(0), rolling7dAvg: try row.get(1), growthRate: try row.get(2), risk: try row.get(3),
            score: try row.get(4), level: RiskLevel(rawValue: try row.get(5)) ?? .low, zScore: try row.get(6),
            isFlagged: try row.get(7))
        let counts = try await database.query(
            sql[.explainCounts],
            [
                dataset, resolution, cell.bitPattern, min(first, day).advanced(by: -Scoring.lookBack),
                run.days.upperBound,
            ])
        return ScoreExplanation(
            day: day, run: run, figures: figures,
            weights: RiskWeights(count: try row.get(8), growth: try row.get(9), average: try row.get(10)),
            isCurrent: try row.get(22),
            counts: try counts.reduce(into: [:]) { $0[try $1.get(0, as: LocalDay.self)] = try $1.get(1, as: Int.self) })
    }
}
