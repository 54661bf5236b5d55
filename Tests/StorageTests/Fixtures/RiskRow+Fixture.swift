import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage

@testable import Storage

extension RiskRow {
    /// A row whose other figures are derived from its count, so that all rows differ.
    static func sample(
        _ cell: H3Cell, _ day: String, count: Int = 1, score: Double = 10, growth: Double = 0.5, flagged: Bool = false
    ) -> RiskRow {
        guard let day = LocalDay(day) else { preconditionFailure("\(day) is no day") }
        return RiskRow(
            cell: cell, day: day, resolution: cell.resolution.number, eventCount: count,
            rolling7dAvg: Double(count) / 7,
            growthRate: growth, riskScore: score, riskLevel: RiskLevel(score: score), zScore: flagged ? 2.5 : 0.25,
            anomaly: flagged, unusual: false)
    }
}

extension [RiskRow] {
    /// Adds the rows to those that a refresh serves in the suite's database, as if they were scored.
    func store(_ dataset: Slug) async throws {
        try await withConnection { connection in
            try await connection.transaction { connection in
                try await RiskRow.makeRoom(on: connection)
                for (resolution, rows) in Dictionary(grouping: self, by: \.resolution) {
                    let cells = Set(rows.map(\.cell.bits)).sorted()
                    try await CellStore(connection: connection).add(cells, resolution: resolution)
                    for row in rows { try await row.insert(dataset, on: connection) }
                }
            }
        }
    }

    /// The same, followed by a refresh.
    func serve(_ dataset: Slug) async throws {
        try await store(dataset)
        _ = try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh()
    }
}

extension RiskRow {
    /// Scores are computed from counts, so rows with a test's own figures are stored in a separate table, which a
    /// refresh also serves.
    fileprivate static func makeRoom(on connection: PostgresConnection) async throws {
        try await connection.query("SELECT pg_advisory_xact_lock(1)")
        let known = try await connection.query("SELECT to_regclass('sample_risk') IS NOT NULL")
        guard try known[0].get(0) == false else { return }
        try await connection.execute(
            """
            CREATE TABLE sample_risk AS
            SELECT dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score,
                risk_level, z_score, anomaly, unusual
            FROM daily_risk WITH NO DATA;
            ALTER VIEW daily_risk RENAME TO scored_risk;
            CREATE VIEW daily_risk AS
            SELECT * FROM scored_risk
            UNION ALL
            SELECT risk_slice(d.id, s.resolution, s.day), s.dataset, s.resolution, s.day, s.h3_index, s.event_count,
                s.rolling_7d_avg, s.growth_rate, s.risk, s.risk_score, s.risk_level, s.z_score, s.anomaly, c.geom,
                c.geom_3857, s.unusual, c.z_order
            FROM sample_risk s JOIN datasets d ON d.slug = s.dataset JOIN h3_cells c USING (h3_index)
            """)
    }

    fileprivate func insert(_ dataset: Slug, on connection: PostgresConnection) async throws {
        try await connection.query(
            """
            INSERT INTO sample_risk
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ($10::text)::risk_level, $11, $12, $13)
            """,
            [
                dataset, Int16(resolution), day, cell.bitPattern, Int32(eventCount), rolling7dAvg, growthRate,
                riskScore / 10, riskScore, riskLevel.rawValue, zScore, anomaly, unusual,
            ])
    }
}
