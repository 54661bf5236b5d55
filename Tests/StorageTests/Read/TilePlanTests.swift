import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing
import TileMath
import Tiles

@testable import Storage

/// The planner's way to find the cells of a tile.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("planned")
        let rows = try (0..<2000).map { index in
            let cell = try H3Cell(
                latitude: 43 + Double(index % 40) / 40, longitude: -80 + Double(index / 40) / 40, resolution: 7)
            return RiskRow.sample(cell, index % 2 == 0 ? "2021-06-01" : "2021-06-02")
        }
        try await Dictionary(grouping: rows) { [$0.cell.bits, UInt64($0.day.number)] }.values.compactMap(\.first)
            .serve("planned")
    })
struct TilePlanTests {
    private static let types = "text, int, date, text[], int, int, int, bigint[], bigint[]"
    private static let arguments = "'planned', 7, '2021-06-01', '{}', 10, 286, 373, '{-1,12345}', '{-1,67890}'"
    /// The parameter types are those that PostGISTileSource sends.
    private static let statements: [(SQLFiles.Name, types: String, arguments: String)] = [
        (
            .tile, "\(types), geometry, geometry, float8, float8, float8",
            "\(arguments), ST_TileEnvelope(10, 286, 373), ST_TileEnvelope(9, 143, 186), 1, 2, 3"
        ),
        (.tileDays, "\(types), bigint, date", "\(arguments), 5000, '2021-06-02'"),
        (.tileCrowded, "\(types), bigint", "\(arguments), 5000"),
    ]

    private static func plan(
        _ statement: (SQLFiles.Name, types: String, arguments: String), mode: String, scans: Bool = false
    ) async throws -> [String] {
        let text = try Checkout.statement(statement.0)
        return try await withConnection { connection in
            try await connection.execute("SET enable_seqscan = \(scans); SET plan_cache_mode = \(mode)")
            try await connection.execute("PREPARE tile (\(statement.types)) AS \(text)")
            return try await connection.execute("EXPLAIN EXECUTE tile (\(statement.arguments))")
                .map { try $0.get(0, as: String.self) }
        }
    }

    @Test(arguments: statements.indices, ["force_custom_plan", "force_generic_plan"])
    func theCompositeIndexFindsDayAndPlaceAtOnce(_ statement: Int, _ mode: String) async throws {
        let plan = try await Self.plan(Self.statements[statement], mode: mode)
        let scan = try #require(plan.firstIndex { $0.contains("idx_mv_daily_risk_z_order") }, "\(plan)")
        let condition = try #require(plan[scan...].first { $0.contains("Index Cond") })
        for part in ["slice =", "z_order >=", "z_order <="] { #expect(condition.contains(part)) }
        #expect(
            !plan.contains {
                $0.contains("Bitmap") && $0.contains("mv_daily_risk") || $0.contains("Hash Join")
                    || $0.contains("Merge Join")
            })
    }

    /// Live days are rows of the same table, so no tile looks for them elsewhere. Its version costs a look at an index.
    @Test(arguments: statements.indices)
    func theServedRowsAreReadOnceAndTheVersionByItsIndex(_ statement: Int) async throws {
        let plan = try await Self.plan(Self.statements[statement], mode: "force_generic_plan")
        #expect(plan.count { $0.contains(" on mv_daily_risk") } == 1, "\(plan)")
        #expect(plan.contains { $0.contains("Index") && $0.contains("served_changes") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on served_changes") }, "\(plan)")
    }

    /// The cost that the planner expects grows with the tile, not with the view.
    @Test(arguments: statements.indices)
    func thePlannerExpectsLittleOfATile(_ statement: Int) async throws {
        let plan = try await Self.plan(Self.statements[statement], mode: "force_generic_plan", scans: true)
        // The cost of one lookup; the planner expects ten ranges, and ten days.
        let scan = plan.first { $0.contains("idx_mv_daily_risk_z_order") }
        let cost = try #require(scan?.firstMatch(of: #/cost=[\d.]+\.\.([\d.]+)/#)?.output.1)
        #expect(try #require(Double(cost)) < 10, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on mv_daily_risk") })
    }

    @Test func aSessionSettlesOnTheGenericPlan() async throws {
        let address = try TileAddress(z: 10, x: 286, y: 373)
        let key = TileKey(
            dataset: "planned", day: try #require(LocalDay("2021-06-01")), resolution: 7, address: address)
        try await withReaders(capacity: 1) { readers in
            let source = PostGISTileSource(readers, sql: try Checkout.sql())
            // The first one is not prepared yet.
            for _ in 0..<11 { _ = try await source.tile(key) }
            let rows = try await readers.query(
                "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '-- %'")
            #expect(rows.count == 1)
            #expect(try rows[0].get(0, as: Int64.self) >= 5)
            #expect(try rows[0].get(1, as: Int64.self) <= 5)
        }
    }
}
