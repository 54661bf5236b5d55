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
        ).map { try $0.riskRow() }
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
        ).map { try $0.riskRow() }
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
            TopCell(
                cell: try row.cell(0), resolution: query.resolution, rank: (after?.rank ?? 0) + index + 1,
                lastDay: try row.get(1),
                lastScore: try row.get(2), lastLevel: try row.level(3), maxScore: try row.get(4),
                maxLevel: try row.level(5), totalEvents: try row.get(6), daysActive: try row.get(7),
                daysFlagged: try row.get(8), growthRate: try row.get(9), slope: try row.get(10))
        }
    }
}

extension Set<RiskLevel> {
    fileprivate var parameter: PostgresArray<String> { PostgresArray(sorted().map(\.rawValue)) }
}

extension PostgresRow {
    fileprivate func riskRow() throws(PostgresError) -> RiskRow {
        RiskRow(
            cell: try cell(0), day: try get(1), resolution: try get(2), eventCount: try get(3),
            rolling7dAvg: try get(4), growthRate: try get(5), riskScore: try get(6), riskLevel: try level(7),
            zScore: try get(8), anomaly: try get(9))
    }

    fileprivate func cell(_ column: Int) throws(PostgresError) -> H3Cell {
        guard let cell = H3Cell(bitPattern: try get(column)) else {
            throw PostgresError(.decoding, "column \(column) is not an H3 cell")
        }
        return cell
    }

    fileprivate func level(_ column: Int) throws(PostgresError) -> RiskLevel {
        guard let level = RiskLevel(rawValue: try get(column)) else {
            throw PostgresError(.decoding, "column \(column) is not a risk level")
        }
        return level
    }
}
