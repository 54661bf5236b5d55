import H3
import Postgres
import Risk
import Storage
import TestDatabase
import Testing

/// How the planner means to find the cells of a tile.
@Suite(
    .migratedDatabase {
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
    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func theCompositeIndexFindsDayAndPlaceAtOnce(_ mode: String) async throws {
        let statement = try Checkout.statement(.tile)
        try await withConnection { connection in
            try await connection.execute("SET enable_seqscan = off; SET plan_cache_mode = \(mode)")
            // The types are those that PostGISTileSource sends.
            try await connection.execute("PREPARE tile (text, int, date, text[], int, int, int) AS \(statement)")
            let plan = try await connection.execute(
                "EXPLAIN EXECUTE tile ('planned', 7, '2021-06-01', '{}', 10, 286, 373)"
            ).map { try $0.get(0, as: String.self) }
            let scan = try #require(plan.firstIndex { $0.contains("idx_mv_daily_risk_geom_gist") }, "\(plan)")
            let condition = try #require(plan[scan...].first { $0.contains("Index Cond") })
            #expect(condition.contains("slice ="))
            #expect(condition.contains("geom_3857 &&"))
            #expect(!plan.contains { $0.contains("BitmapAnd") })
        }
    }
}
