package import Domain
import H3
import Postgres

/// Reads scores and top cells from the served view.
package struct RiskStore: RiskRepository, TopCellRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func rows(_ query: RiskQuery) async throws -> [RiskRow] {
        let after = query.after
        let scope: [any PostgresEncodable] = [
            query.dataset, Int16(clamping: query.resolution), query.days.lowerBound, query.days.upperBound,
            query.levels.parameter,
        ]
        // The first page begins after the end of the day before.
        let page: [any PostgresEncodable] = [
            query.polygon.parameter, query.cell?.bitPattern, after?.day ?? query.days.lowerBound.advanced(by: -1),
            after?.cell.bitPattern ?? .max, query.limit,
        ]
        return try await pool.query(
            sql[.riskRows], scope + query.bounds.parameters + page, query.filter, .risk
        ).map { try RiskRow($0) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func days(_ query: CellDaysQuery) async throws -> [RiskRow] {
        let from = query.from ?? .earliest
        return try await pool.query(
            sql[.cellDays],
            [
                query.dataset, Int16(clamping: query.cell.resolution.number), query.cell.bitPattern, from,
                query.to ?? .latest, query.levels.parameter, query.after ?? from.advanced(by: -1), query.limit,
            ]
        ).map { try RiskRow($0) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func topCells(_ query: TopCellQuery) async throws -> [TopCell] {
        let after = query.after
        let scope: [any PostgresEncodable] = [
            query.dataset, Int16(clamping: query.resolution), query.days.lowerBound, query.days.upperBound,
        ]
        let page: [any PostgresEncodable] = [
            query.limit, query.polygon.parameter, query.levels.parameter, after?.maxScore, after?.daysFlagged,
            after?.totalEvents, after?.cell.bitPattern,
        ]
        let rows = try await pool.query(
            sql[.topCells], scope + query.bounds.parameters + page, query.filter, .topCells)
        return try rows.enumerated().map { index, row in
            var fields = row.fields
            return TopCell(
                cell: try fields.next("h3_index"), resolution: query.resolution,
                rank: (after?.rank ?? 0) + index + 1, lastDay: try fields.next("last_day"),
                lastScore: try fields.next("last_score"), lastLevel: try fields.next("last_level"),
                maxScore: try fields.next("max_score"), maxLevel: try fields.next("max_level"),
                totalEvents: try fields.next("total_events"), daysActive: try fields.next("days_active"),
                daysFlagged: try fields.next("days_flagged"), growthRate: try fields.next("growth_rate"),
                slope: try fields.next("slope"))
        }
    }
}

extension Set<RiskLevel> {
    fileprivate var parameter: PostgresArray<String> { PostgresArray(sorted().map(\.rawValue)) }
}

extension RiskRow {
    /// Reads the columns of `risk_rows.sql` and `cell_days.sql`.
    fileprivate init(_ row: PostgresRow) throws(PostgresError) {
        var fields = row.fields
        self.init(
            cell: try fields.next("h3_index"), day: try fields.next("day"), resolution: try fields.next("resolution"),
            eventCount: try fields.next("event_count"), rolling7dAvg: try fields.next("rolling_7d_avg"),
            growthRate: try fields.next("growth_rate"), riskScore: try fields.next("risk_score"),
            riskLevel: try fields.next("risk_level"), zScore: try fields.next("z_score"),
            anomaly: try fields.next("anomaly"))
    }
}
