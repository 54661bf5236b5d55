import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Refreshes of one dataset beside a larger one.
@Suite(migratedDatabase(), .serialized)
struct PartRefreshTests {
    private static let resolutions = [6, 8]

    private static func refresher() throws -> ViewRefresh {
        ViewRefresh(TestDatabase.options, sql: try Checkout.sql())
    }

    /// Stores events some kilometres apart, on consecutive days, and scores their dataset.
    private static func fill(_ dataset: Dataset, events: Int, content: Character) async throws {
        let chunk = EventChunk(
            (0..<events).map { number in
                SampleEvent(
                    time: "2021-06-\(number % 9 + 10)T12:00:00Z", longitude: -79 + Double(number % 40) * 0.05,
                    latitude: 43 + Double(number / 40) * 0.05)
            })
        try await IngestStore.ofTheSuite().ingest([chunk], into: dataset.slug, content: content)
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(dataset: dataset, resolutions: resolutions))
    }

    /// All that is served of datasets, as text, so that two states can be compared.
    private static func served(_ slugs: String...) async throws -> String {
        try await value(
            """
            SELECT concat(
                (SELECT string_agg(concat_ws(
                    ' ', resolution, day, h3_index, event_count, float8send(risk_score), risk_level,
                    float8send(z_score), anomaly, unusual, z_order, ST_AsText(geom_3857)), ','
                    ORDER BY dataset, resolution, day, h3_index)
                    FROM mv_daily_risk WHERE dataset = ANY ($1)),
                (SELECT string_agg(s::text, ',' ORDER BY dataset, resolution)
                    FROM served_datasets s WHERE dataset = ANY ($1)))
            """, [PostgresArray(slugs)])
    }

    private static func generation() async throws -> Int64 { try await value("SELECT generation FROM served_view") }

    @Test func onlyTheDatasetIsServedAnew() async throws {
        let small = try await Dataset.stored("small", resolutions: Self.resolutions)
        let large = try await Dataset.stored("large", resolutions: Self.resolutions)
        try await Self.fill(small, events: 3, content: "1")
        try await Self.fill(large, events: 80, content: "2")
        let whole = try await Self.refresher().refresh()
        let largeBefore = try await Self.served("large")
        // Both are scored again, and one of them is served.
        try await Self.fill(small, events: 9, content: "3")
        try await Self.fill(large, events: 90, content: "4")
        guard case .served(let outcome) = try await Self.refresher().refreshPart("small", for: nil) else {
            Issue.record("the dataset was not served alone")
            return
        }
        #expect(outcome.generation == whole.generation + 1)
        #expect(try await Self.generation() == outcome.generation)
        #expect(try await value("SELECT whole_generation FROM served_view") == whole.generation)
        #expect(try await value("SELECT generation FROM served_changes WHERE dataset = 'small'") == outcome.generation)
        #expect(try await Self.served("large") == largeBefore)
        #expect(try await value("SELECT count(*) FROM mv_daily_risk") == outcome.rows)
        // A refresh of everything makes the same of the dataset.
        let alone = try await Self.served("small")
        _ = try await Self.refresher().refresh()
        #expect(try await Self.served("small") == alone)
        #expect(try await Self.served("large") != largeBefore)
        #expect(try await value("SELECT count(*) FROM served_changes") == 0)
    }

    @Test func aDatasetWithMostRowsIsLeftToARefreshOfEverything() async throws {
        let most = try await Dataset.stored("most", resolutions: Self.resolutions)
        try await Self.fill(most, events: 400, content: "5")
        _ = try await Self.refresher().refresh()
        guard case .unsuitable = try await Self.refresher().refreshPart("most", for: nil) else {
            Issue.record("most rows were replaced one by one")
            return
        }
    }

    @Test func aDatasetWithHiddenCountsIsLeftToARefreshOfEverything() async throws {
        let hidden = try await Dataset.stored("hidden", resolutions: Self.resolutions)
        let other = try await Dataset.stored("other", resolutions: Self.resolutions)
        try await Self.fill(hidden, events: 2, content: "6")
        try await Self.fill(other, events: 60, content: "7")
        _ = try await Self.refresher().refresh()
        let before = try await Self.refresher().servesAlone("hidden")
        #expect(before)
        try await withConnection { connection in
            try await connection.query("UPDATE datasets SET minimum_count = 5 WHERE slug = 'hidden'")
        }
        let after = try await Self.refresher().servesAlone("hidden")
        #expect(!after)
    }

    @Test func aRefreshOfEverythingAndOneOfADatasetExcludeEachOther() async throws {
        let first = try await Dataset.stored("first", resolutions: Self.resolutions)
        let second = try await Dataset.stored("second", resolutions: Self.resolutions)
        try await Self.fill(first, events: 2, content: "8")
        try await Self.fill(second, events: 60, content: "9")
        _ = try await Self.refresher().refresh()
        try await withConnection { holder in
            let isTaken = try await holder.takeLock("hextant refresh")
            #expect(isTaken)
            let error = await #expect(throws: StorageError.self) {
                try await Self.refresher().refreshPart("first", for: nil)
            }
            #expect(error?.code == .busy)
        }
        try await withConnection { holder in
            let isTaken = try await holder.takeSharedLock("hextant refresh")
            #expect(isTaken)
            // Others of single datasets go on.
            guard case .served = try await Self.refresher().refreshPart("first", for: nil) else {
                Issue.record("the dataset was not served alone")
                return
            }
            let error = await #expect(throws: StorageError.self) { try await Self.refresher().refresh() }
            #expect(error?.code == .busy)
        }
    }
}
