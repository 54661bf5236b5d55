import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The planner's way to find the cells of a tile or a page of an outlook.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("planned")
        let cells = try gridOfCells(2000)
        for day in ["2021-06-29", "2021-06-30"] {
            try await withConnection {
                try await OutlookWriter($0).put(.sample("planned", asOf: day), .sample(cells))
            }
        }
        _ = try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh()
    })
struct OutlookPlanTests {
    /// The parameter types are those that PostGISTileSource sends.
    private static let tiles: [(SQLFiles.Name, types: String, arguments: String)] = [
        (
            .tileOutlook, "text, int, date, text, int, text[], int, int, int, bigint[], bigint[]",
            "'planned', 7, '2021-06-30', 'all', 2, '{}', 10, 286, 373, '{-1,12345}', '{-1,67890}'"
        ),
        (
            .tileOutlookCrowded, "text, int, date, text, int, text[], int, int, int, bigint[], bigint[], bigint",
            "'planned', 7, '2021-06-30', 'all', 2, '{}', 10, 286, 373, '{-1,12345}', '{-1,67890}', 5000"
        ),
    ]

    private static func plan(
        _ statement: SQLFiles.Name, _ types: String, _ arguments: String, mode: String, scans: Bool = false
    ) async throws -> [String] {
        let text = try Checkout.statement(statement)
        return try await withConnection { connection in
            try await connection.execute("SET enable_seqscan = \(scans); SET plan_cache_mode = \(mode)")
            try await connection.execute("PREPARE tile (\(types)) AS \(text)")
            return try await connection.execute("EXPLAIN EXECUTE tile (\(arguments))")
                .map { try $0.get(0, as: String.self) }
        }
    }

    @Test(arguments: tiles.indices, ["force_custom_plan", "force_generic_plan"])
    func theCompositeIndexFindsOutlookAndPlaceAtOnce(_ index: Int, _ mode: String) async throws {
        let tile = Self.tiles[index]
        let plan = try await Self.plan(tile.0, tile.types, tile.arguments, mode: mode)
        let scan = try #require(plan.firstIndex { $0.contains("idx_mv_cell_outlook_z_order") }, "\(plan)")
        let condition = try #require(plan[scan...].first { $0.contains("Index Cond") })
        for part in ["slice =", "z_order >=", "z_order <="] { #expect(condition.contains(part)) }
        #expect(
            !plan.contains {
                $0.contains("Bitmap") && $0.contains("mv_cell_outlook") || $0.contains("Hash Join")
                    || $0.contains("Merge Join")
            })
    }

    @Test(arguments: tiles.indices)
    func thePlannerExpectsLittleOfATile(_ index: Int) async throws {
        let tile = Self.tiles[index]
        let plan = try await Self.plan(
            tile.0, tile.types, tile.arguments, mode: "force_generic_plan", scans: true)
        // The cost of one lookup; the planner expects ten ranges, and ten days.
        let scan = plan.first { $0.contains("idx_mv_cell_outlook_z_order") }
        let cost = try #require(scan?.firstMatch(of: #/cost=[\d.]+\.\.([\d.]+)/#)?.output.1)
        #expect(try #require(Double(cost)) < 10, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on mv_cell_outlook") })
    }

    /// A page begins where the last one ended, without sorting the outlook again.
    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func aPageOfTheUsualOrderIsReadFromItsIndex(_ mode: String) async throws {
        let plan = try await Self.plan(
            .outlookRows,
            """
            text, smallint, date, text, int, text[], text[], float8, float8, float8, float8, bytea, float8, bigint, \
            bigint
            """,
            """
            'planned', 7, '2021-06-30', 'all', 2, '{}', '{}', NULL, NULL, NULL, NULL, NULL, -10, 0, 100
            """, mode: mode)
        let scan = try #require(plan.firstIndex { $0.contains("idx_mv_cell_outlook_expected") }, "\(plan)")
        let condition = try #require(plan[scan...].first { $0.contains("Index Cond") })
        #expect(condition.contains("slice ="))
        #expect(condition.contains("ROW("))
        #expect(!plan.contains { $0.contains("Sort") })
    }
}
