import H3
import Postgres
import Risk
import TestDatabase

@testable import Storage

extension RiskRow {
    /// A row whose other figures follow from its count, so that each can be told from the others.
    static func sample(
        _ cell: H3Cell, _ day: String, count: Int = 1, score: Double = 10, growth: Double = 0.5, flagged: Bool = false
    ) -> RiskRow {
        guard let day = LocalDay(day) else { preconditionFailure("\(day) is no day") }
        return RiskRow(
            cell: cell, day: day, resolution: cell.resolution.number, eventCount: count,
            rolling7dAvg: Double(count) / 7,
            growthRate: growth, riskScore: score, riskLevel: RiskLevel(score: score), zScore: flagged ? 2.5 : 0.25,
            anomaly: flagged)
    }
}

extension [RiskRow] {
    /// Puts the rows straight into the tables of the suite's database, as if they were scored.
    func store(_ dataset: String) async throws {
        try await withConnection { connection in
            for (resolution, rows) in Dictionary(grouping: self, by: \.resolution) {
                let cells = Set(rows.map(\.cell.bits)).sorted()
                try await connection.transaction { connection in
                    try await CellStore(connection: connection).add(cells, resolution: resolution)
                    for row in rows { try await row.insert(dataset, on: connection) }
                }
            }
        }
    }

    /// The same, and served.
    func serve(_ dataset: String) async throws {
        try await store(dataset)
        _ = try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh()
    }
}

extension RiskRow {
    /// Adds the row to those of its day.
    fileprivate func insert(_ dataset: String, on connection: PostgresConnection) async throws {
        let key: [any PostgresEncodable] = [dataset, Int16(resolution), day]
        try await connection.query(
            """
            INSERT INTO daily_aggregates AS a
            VALUES ($1, $2, $3, 0, 0, 0, 0, ARRAY[$4], ARRAY[$5], ARRAY[$6], ARRAY[$7], ARRAY[$8])
            ON CONFLICT (dataset, resolution, day) DO UPDATE SET
                cells = a.cells || excluded.cells, counts = a.counts || excluded.counts,
                averages = a.averages || excluded.averages, growth_rates = a.growth_rates || excluded.growth_rates,
                risks = a.risks || excluded.risks
            """, key + [cell.bitPattern, Int32(eventCount), rolling7dAvg, growthRate, riskScore / 10])
        try await connection.query(
            """
            INSERT INTO daily_scores AS s
            VALUES ($1, $2, $3, 0, ARRAY[$4], ARRAY[$5], ARRAY[$6], ARRAY[$7])
            ON CONFLICT (dataset, resolution, day) DO UPDATE SET
                scores = s.scores || excluded.scores, levels = s.levels || excluded.levels,
                z_scores = s.z_scores || excluded.z_scores, flags = s.flags || excluded.flags
            """, key + [riskScore, Int16(riskLevel.order), zScore, anomaly])
    }
}
