package import Domain
package import H3
import Postgres

/// Reads scores, top cells and comparisons from the served view.
package struct RiskStore: RiskRepository, TopCellRepository, ComparisonRepository {
    private let pool: ReadPool
    private let sql: SQLFiles
    private let names: CellNames

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
        names = CellNames(pool, sql: sql)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func rows(
        _ query: CellQuery, of cell: H3Cell?, _ page: PageRequest<RiskRow>
    ) async throws -> Page<RiskRow> {
        let selection = query.selection
        let scope: [any PostgresEncodable] = [
            selection.dataset, Int16(clamping: query.resolution), query.days.lowerBound, query.days.upperBound,
            query.levels.parameter,
        ]
        // The first page begins after the end of the day before.
        let place: [any PostgresEncodable] = [
            selection.polygon.parameter, cell?.bitPattern,
            page.after?.day ?? query.days.lowerBound.advanced(by: -1), page.after?.cell.bitPattern ?? .max, page.wanted,
        ]
        let rows = try await pool.query(
            sql[.riskRows, selection.disclosure], scope + selection.bounds.parameters + place, selection.filter, .risk)
        let found = try rows.map { try RiskRow($0) }
        return Page(try await names.named(found, in: selection.dataset, \.cell, \.area), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func days(_ query: CellDaysQuery, _ page: PageRequest<RiskRow>) async throws -> Page<RiskRow> {
        let days = query.days
        let rows = try await pool.query(
            sql[.cellDays, query.disclosure],
            [
                query.dataset, Int16(clamping: query.cell.resolution.number), query.cell.bitPattern, days.lowerBound,
                days.upperBound, query.levels.parameter, page.after?.day ?? days.lowerBound.advanced(by: -1),
                page.wanted,
            ])
        let found = try rows.map { try RiskRow($0) }
        return Page(try await names.named(found, in: query.dataset, \.cell, \.area), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func topCells(_ query: CellQuery, _ page: PageRequest<TopCell>) async throws -> Page<TopCell> {
        let after = page.after
        let selection = query.selection
        let scope: [any PostgresEncodable] = [
            selection.dataset, Int16(clamping: query.resolution), query.days.lowerBound, query.days.upperBound,
        ]
        let place: [any PostgresEncodable] = [
            page.wanted, selection.polygon.parameter, query.levels.parameter, after?.maxScore, after?.daysFlagged,
            after?.totalEvents, after?.cell.bitPattern,
        ]
        let rows = try await pool.query(
            sql[.topCells, selection.disclosure], scope + selection.bounds.parameters + place, selection.filter,
            .topCells)
        let found = try rows.enumerated().map { index, row in
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
        return Page(try await names.named(found, in: selection.dataset, \.cell, \.area), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func comparison(
        _ query: ComparisonQuery, _ page: PageRequest<CellComparison>
    ) async throws -> Page<CellComparison> {
        let (selection, days) = (query.cells.selection, query.cells.days)
        let scope: [any PostgresEncodable] = [
            selection.dataset, Int16(clamping: query.cells.resolution), days.lowerBound, days.upperBound,
        ]
        let place: [any PostgresEncodable] = [
            page.wanted, query.other.lowerBound, query.other.upperBound, page.after?.bitPattern,
        ]
        let rows = try await pool.query(sql[.comparison], scope + selection.bounds.parameters + place)
        let found = try rows.map { row in
            var fields = row.fields
            return CellComparison(
                cell: try fields.next("h3_index"), events: try fields.next("events"),
                eventsBefore: try fields.next("events_before"))
        }
        return Page(try await names.named(found, in: selection.dataset, \.cell, \.area), of: page)
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
            anomaly: try fields.next("anomaly"), unusual: try fields.next("unusual"))
    }
}
