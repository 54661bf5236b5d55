import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// One test after the other: a database has one served view.
@Suite(migratedDatabase(), .serialized)
struct ViewRefreshTests {
    private static func cell(_ longitude: Double) throws -> H3Cell {
        try H3Cell(latitude: 43.65, longitude: longitude, resolution: 7)
    }

    private static func refresher() throws -> ViewRefresh {
        ViewRefresh(TestDatabase.options, sql: try Checkout.sql())
    }

    private static func generation() async throws -> Int64 { try await value("SELECT generation FROM served_view") }

    /// Everything whose name begins like the names of the view and its indexes.
    private static func names() async throws -> [String] {
        try await withConnection { connection in
            try await connection.query(
                "SELECT relname::text FROM pg_class WHERE relname LIKE '%mv\\_daily\\_risk%' "
                    + "ORDER BY relname COLLATE \"C\""
            ).map { try $0.get(0) }
        }
    }

    private static let servedNames = [
        "idx_mv_daily_risk_cell", "idx_mv_daily_risk_key", "idx_mv_daily_risk_level", "idx_mv_daily_risk_z_order",
        "mv_daily_risk",
    ]

    @Test func aRefreshServesTheRowsUnderANewGenerationAndTellsIt() async throws {
        _ = try await Dataset.stored("told")
        let rows = try [
            RiskRow.sample(Self.cell(-79), "2021-06-01", count: 3), .sample(Self.cell(-78), "2021-06-04", count: 4),
        ]
        try await rows.store("told")
        let before = try await Self.generation()
        try await withConnection { listener in
            try await listener.listen(ViewRefresh.channel)
            let outcome = try await Self.refresher().refresh()
            #expect(outcome.generation == before + 1)
            #expect(try await Self.generation() == before + 1)
            let heard = try await listener.notifications(within: .seconds(60))
            #expect(heard.map(\.payload) == ["\(before + 1)"])
            #expect(outcome.rows == (try await value("SELECT count(*) FROM mv_daily_risk")))
        }
        try await withConnection { connection in
            let served = try await connection.query(
                "SELECT event_count FROM mv_daily_risk WHERE dataset = 'told' ORDER BY day"
            ).map { try $0.get(0, as: Int.self) }
            #expect(served == [3, 4])
        }
    }

    @Test func itTellsWhatIsServedOfADataset() async throws {
        _ = try await Dataset.stored("extent")
        let cells = try [Self.cell(-79), Self.cell(-75)]
        try await [
            RiskRow.sample(cells[0], "2021-06-01"), .sample(cells[1], "2021-06-09"), .sample(cells[1], "2021-06-10"),
        ].serve("extent")
        let vertices = cells.flatMap { Array($0.boundary) }
        try await withConnection { connection in
            let row = try await connection.query(
                """
                SELECT resolution, rows, first_day::text, last_day::text, west, south, east, north
                FROM served_datasets WHERE dataset = 'extent'
                """)[0]
            #expect(try row.get(0) == 7)
            #expect(try row.get(1) == 3)
            #expect(try row.get(2) == "2021-06-01")
            #expect(try row.get(3) == "2021-06-10")
            #expect(try row.get(4) == vertices.map(\.longitude).min())
            #expect(try row.get(5) == vertices.map(\.latitude).min())
            #expect(try row.get(6) == vertices.map(\.longitude).max())
            #expect(try row.get(7) == vertices.map(\.latitude).max())
        }
    }

    @Test func namesAreTheSameAfterEveryRefresh() async throws {
        for _ in 0..<3 {
            _ = try await Self.refresher().refresh()
            #expect(try await Self.names() == Self.servedNames)
        }
    }

    @Test func whatAKilledRefreshLeftIsNoObstacle() async throws {
        let before = try await Self.generation()
        let outlooks = try Checkout.statement(.outlookViewBuild)
        let build = try Checkout.statement(.viewBuild)
        try await withConnection { connection in
            // One refresh is killed after its swap, before it has dropped the old view …
            try await connection.execute(outlooks)
            try await connection.execute(build)
            for name in ["", "_key", "_cell", "_level", "_z_order"] {
                let kind = name.isEmpty ? "TABLE" : "INDEX"
                let prefix = name.isEmpty ? "mv_daily_risk" : "idx_mv_daily_risk"
                try await connection.execute("ALTER \(kind) \(prefix)_next\(name) RENAME TO \(prefix)_old\(name)")
            }
        }
        // … and another one before its swap.
        try await withConnection {
            try await $0.execute(outlooks)
            try await $0.execute(build)
        }
        let outcome = try await Self.refresher().refresh()
        #expect(outcome.generation == before + 1)
        #expect(try await Self.names() == Self.servedNames)
    }

    @Test func readersMayReadTheNewView() async throws {
        _ = try await Self.refresher().refresh()
        try await withReaders { readers in
            let rows = try await readers.query("SELECT count(*) FROM mv_daily_risk")
            #expect(rows.count == 1)
        }
    }
}
