import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

private let cells = (try? H3Cell(latitude: 43.65, longitude: -79.4, resolution: 7).gridDisk(4).sorted()) ?? []
private let days = (0..<40).map { LocalDay("2021-06-01")!.advanced(by: $0) }

/// The amount of the view that is read for a page deep in it.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("planned")
        try await days.flatMap { day in cells.map { RiskRow.sample($0, day.description) } }.serve("planned")
    })
struct RiskPlanTests {
    private static func plan(
        _ name: SQLFiles.Name, _ types: String, _ arguments: String, _ mode: String
    ) async throws -> [String] {
        try await withConnection { connection in
            try await connection.execute("SET plan_cache_mode = \(mode)")
            try await connection.execute("PREPARE page (\(types)) AS \(try Checkout.statement(name))")
            return try await connection.execute(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING off, COSTS off) EXECUTE page (\(arguments))"
            ).map { try $0.get(0, as: String.self) }
        }
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"], [1, 37])
    func aPageOfSeveralDaysReadsItsOwnRows(_ mode: String, _ day: Int) async throws {
        let cell = cells[cells.count / 2].bitPattern
        let plan = try await Self.plan(
            .riskRows,
            "text, smallint, date, date, text[], float8, float8, float8, float8, bytea, bigint, date, bigint, bigint",
            """
            'planned', 7, '\(days[0])', '\(days[39])', '{}', NULL, NULL, NULL, NULL, NULL, NULL, '\(days[day])',
            \(cell), 50
            """, mode)
        #expect(plan.contains { $0.contains("idx_mv_daily_risk_key") && $0.contains("rows=50") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Rows Removed by Filter") || $0.contains("Sort") }, "\(plan)")
        let condition = try #require(plan.first { $0.contains("Index Cond") })
        #expect(condition.contains("ROW(day, h3_index)"), "\(plan)")
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func theHistoryOfACellReadsThatCellAlone(_ mode: String) async throws {
        let plan = try await Self.plan(
            .cellDays, "text, smallint, bigint, date, date, text[], date, bigint",
            "'planned', 7, \(cells[3].bitPattern), '\(days[0])', '\(days[39])', '{}', '\(days[9])', 100", mode)
        #expect(plan.contains { $0.contains("idx_mv_daily_risk_cell") && $0.contains("rows=30") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Rows Removed by Filter") || $0.contains("Sort") }, "\(plan)")
    }
}
