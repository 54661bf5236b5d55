import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The amount read for a page of events deep in a dataset.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("planned")
        // 1,200 events a month, eight of them at each instant.
        let events = (0..<14_400).map { number in
            SampleEvent(
                time: "2021-\(pad(1 + number / 1200))-\(pad(1 + number % 1200 / 48))T\(pad(number % 48 / 8)):00:00Z",
                longitude: Double(number % 360) - 180)
        }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: "planned", content: "a")
        try await withConnection { try await $0.execute("ANALYZE events") }
    })
struct EventPlanTests {
    private static func prepare(_ connection: PostgresConnection, _ mode: String) async throws {
        try await connection.execute("SET plan_cache_mode = \(mode)")
        // The parameter types are those that EventStore sends.
        try await connection.execute(
            """
            PREPARE events (
                text, timestamptz, timestamptz, text[], float8, float8, float8, float8, timestamptz, bigint, int, bytea,
                bigint)
            AS \(try Checkout.statement(.events))
            """)
    }

    /// - Parameter after: an instant with eight events, of which the first three were on the page before.
    @Test(arguments: ["force_custom_plan", "force_generic_plan"], ["2021-01-02T03:00:00Z", "2021-12-20T03:00:00Z"])
    func aPageReadsItsOwnRowsAndNoneBefore(_ mode: String, _ after: String) async throws {
        try await withConnection { connection in
            let sequence: Int64 = try await connection.query(
                "SELECT sequence FROM events WHERE event_timestamp = '\(after)' ORDER BY sequence OFFSET 2 LIMIT 1")[0]
                .get(0)
            try await Self.prepare(connection, mode)
            let plan = try await connection.execute(
                """
                EXPLAIN (ANALYZE, BUFFERS, TIMING off, COSTS off)
                EXECUTE events ('planned', '\(after)', 'infinity', '{}', NULL, NULL, NULL, NULL, '\(after)',
                    \(sequence), 50, NULL, 4194304)
                """
            ).map { try $0.get(0, as: String.self) }
            let scans = plan.filter { $0.contains("Index Scan using") && !$0.contains("never executed") }
            #expect(!scans.isEmpty, "\(plan)")
            #expect(scans.allSatisfy { $0.contains("idx_events_time") }, "\(plan)")
            // At most one row more than the page may be read.
            #expect(try scans.reduce(0) { $0 + (try Self.rows($1)) } <= 51, "\(plan)")
            #expect(!plan.contains { $0.contains("Rows Removed by Filter") }, "\(plan)")
            let condition = try #require(plan.first { $0.contains("Index Cond") })
            #expect(condition.contains("ROW(event_timestamp, sequence)"), "\(plan)")
        }
    }

    /// With values the planner leaves out other partitions, so that a statement locks no more than it reads.
    @Test(arguments: ["2021-07-01", "2021-12-31"])
    func countsAndTilesOfADayPlanItsPartitionsAlone(_ day: String) async throws {
        try await withConnection { connection in
            // A partition for each century of another dataset.
            let times = stride(from: 1005, to: 9000, by: 500).map { "\($0)-01-01T00:00:00Z" }
            _ = try await Dataset.stored("centuries-\(day)")
            try await IngestStore.ofTheSuite().ingest(
                [EventChunk(times.map { SampleEvent(time: $0) })], into: "centuries-\(day)", content: "a")
            try await connection.execute("SET plan_cache_mode = force_custom_plan")
            try await connection.execute(
                """
                PREPARE counts (
                    text, date, date, text[], float8, float8, float8, float8, bytea, date, text, bigint, bigint)
                AS \(try Checkout.statement(.eventCounts))
                """)
            try await connection.execute(
                "PREPARE tile (text, date, date, int, int, int, bigint) AS \(try Checkout.statement(.tileEvents))")
            for statement in [
                "counts ('planned', '\(day)', '\(day)', '{}', -180, -90, 180, 90, NULL, '2020-01-01', '', 100, NULL)",
                "tile ('planned', '\(day)', '\(day)', 13, 2275, 2989, 5000)",
            ] {
                let plan = try await connection.execute("EXPLAIN (COSTS off) EXECUTE \(statement)")
                    .map { try $0.get(0, as: String.self) }
                let partitions = Set(
                    plan.compactMap { $0.firstMatch(of: #/_hyper_\d+_(\d+)_chunk/#)?.output.1 })
                #expect((1...2).contains(partitions.count), "\(plan)")
            }
        }
    }

    /// The parameter types are those that PostGISTileSource sends.
    private static func planOfATile(_ mode: String, _ options: String) async throws -> [String] {
        try await withConnection { connection in
            try await connection.execute("SET plan_cache_mode = \(mode)")
            try await connection.execute(
                "PREPARE tile (text, date, date, int, int, int, bigint) AS \(try Checkout.statement(.tileEvents))")
            // The tile of 43.65 N, 80 W.
            return try await connection.execute(
                "EXPLAIN (\(options)) EXECUTE tile ('planned', '2021-07-01', '2021-07-01', 13, 2275, 2989, 5000)"
            ).map { try $0.get(0, as: String.self) }
        }
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func aTileOfPointsReadsTheChunksOfItsDaysAlone(_ mode: String) async throws {
        let plan = try await Self.planOfATile(mode, "ANALYZE, TIMING off, COSTS off")
        let scans = plan.filter { $0.contains("Scan") && $0.contains("_hyper_") && !$0.contains("never executed") }
        // A day in July lies in one partition, a day at a border in two.
        #expect((1...2).contains(scans.count), "\(plan)")
        #expect(scans.allSatisfy { $0.contains("Index") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on _hyper") && !$0.contains("never executed") }, "\(plan)")
    }

    /// The planner expects the points of a tile to cost far less than reading a month of events.
    @Test func thePlannerExpectsLittleOfATileOfPoints() async throws {
        let plan = try await Self.planOfATile("force_custom_plan", "COSTS on")
        let cost = try #require(plan.first?.firstMatch(of: #/cost=[\d.]+\.\.([\d.]+)/#)?.output.1)
        #expect(try #require(Double(cost)) < 400, "\(plan)")
    }

    /// The number in `... (actual rows=50 loops=1)`; PostgreSQL 18 writes `rows=50.00`.
    private static func rows(_ line: String) throws -> Int {
        let match = try #require(line.firstMatch(of: #/actual rows=(\d+)(?:\.\d+)? loops=(\d+)/#), "\(line)")
        return try #require(Int(match.1)) * (try #require(Int(match.2)))
    }
}

private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
