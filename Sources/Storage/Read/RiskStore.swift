import H3
import Postgres
package import Risk

/// The served rows, and the hotspots among them.
package struct RiskStore: RiskRepository, HotspotRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    package func rows(_ query: RiskQuery) async throws -> [RiskRow] {
        let scope: [any PostgresEncodable] = [
            query.dataset, Int16(clamping: query.resolution), query.day,
            PostgresArray(query.levels.sorted().map(\.rawValue)),
        ]
        let page: [any PostgresEncodable] = [query.cell?.bitPattern, query.after?.bitPattern, query.limit]
        return try await pool.query(sql[.riskRows], scope + query.bounds.parameters + page).map { row in
            RiskRow(
                cell: try row.cell(0), day: try row.get(1), resolution: try row.get(2), eventCount: try row.get(3),
                rolling7dAvg: try row.get(4), growthRate: try row.get(5), riskScore: try row.get(6),
                riskLevel: try row.level(7), zScore: try row.get(8), anomaly: try row.get(9))
        }
    }

    package func hotspots(_ query: HotspotQuery) async throws -> [Hotspot] {
        let scope: [any PostgresEncodable] = [
            query.dataset, Int16(clamping: query.resolution), query.days.lowerBound, query.days.upperBound,
        ]
        let rows = try await pool.query(sql[.hotspots], scope + query.bounds.parameters + [query.limit])
        return try rows.enumerated().map { index, row in
            Hotspot(
                cell: try row.cell(0), resolution: query.resolution, rank: index + 1, lastDay: try row.get(1),
                lastScore: try row.get(2), lastLevel: try row.level(3), maxScore: try row.get(4),
                maxLevel: try row.level(5), totalEvents: try row.get(6), daysActive: try row.get(7),
                daysFlagged: try row.get(8), growthRate: try row.get(9), slope: try row.get(10))
        }
    }
}

extension PostgresRow {
    fileprivate func cell(_ column: Int) throws(PostgresError) -> H3Cell {
        guard let cell = H3Cell(bitPattern: try get(column)) else {
            throw PostgresError(.decoding, "column \(column) is no H3 cell")
        }
        return cell
    }

    fileprivate func level(_ column: Int) throws(PostgresError) -> RiskLevel {
        guard let level = RiskLevel(rawValue: try get(column)) else {
            throw PostgresError(.decoding, "column \(column) is no risk level")
        }
        return level
    }
}
