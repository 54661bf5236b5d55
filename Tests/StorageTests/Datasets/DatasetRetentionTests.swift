import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The deletion of days that datasets no longer keep. Times are relative to now, since retention is.
@Suite(migratedDatabase(), .serialized)
struct DatasetRetentionTests {
    /// An event at noon in UTC, some days before today.
    private static func event(daysAgo days: Int, id: String = "") -> SampleEvent {
        let today = Instant(midnight: Instant.now.day)
        let time = today - .seconds(days * 86_400) + .seconds(43_200)
        return SampleEvent(time: time.description, id: id)
    }

    private static func retention() throws -> DatasetRetention {
        DatasetRetention(TestDatabase.options, sql: try Checkout.sql())
    }

    private static func keeping(_ days: Int, _ slug: Slug) async throws -> Dataset {
        var dataset = try await Dataset.stored(slug)
        dataset.retentionDays = days
        let described = dataset
        try await withConnection { _ = try await DatasetStore($0, sql: Checkout.sql()).put(described) }
        return described
    }

    private static func score(_ dataset: Dataset) async throws -> ScoringRun.Outcome {
        try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(.init(dataset: dataset, resolutions: [7]))
    }

    private static func count(_ table: String, _ slug: Slug) async throws -> Int {
        try await value("SELECT count(*) FROM \(table) WHERE dataset = $1", [slug])
    }

    private static func figures(_ slug: Slug) async throws -> String {
        try await value(
            """
            SELECT coalesce(string_agg(concat_ws(' ', day, event_count, growth_rate, risk_score), ',' ORDER BY day), '')
            FROM daily_risk WHERE dataset = $1
            """, [slug])
    }

    @Test func aDatasetWithoutARetentionKeepsEverything() async throws {
        _ = try await Dataset.stored("keeper")
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([Self.event(daysAgo: 4000)])], into: "keeper", content: "1")
        #expect(try await Self.retention().enforce("keeper") == nil)
        #expect(try await Self.retention().datasets().contains("keeper") == false)
        #expect(try await Self.count("events", "keeper") == 1)
    }

    @Test func olderDaysGoAndNothingOfTheOthersIsScoredAgain() async throws {
        let dataset = try await Self.keeping(100, "trimmed")
        // The last day that is kept, the week before it that only its figures need, and older ones.
        let days = [0, 50, 99, 100, 101, 107, 108, 200, 400]
        let events = days.map { Self.event(daysAgo: $0, id: $0 == 200 ? "an id" : "") }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: dataset.slug, content: "2")
        var whole = dataset
        whole.retentionDays = nil
        _ = try await Self.score(whole)
        let first = Instant.now.day.advanced(by: -100)
        let before = try await Self.figures(dataset.slug)
            .split(separator: ",").filter { $0.prefix(10) >= first.description }.joined(separator: ",")

        let outcome = try #require(try await Self.retention().enforce(dataset.slug))
        #expect(outcome.firstDay == first)
        #expect(outcome.events == 3)
        #expect(outcome.days == 5)
        #expect(try await Self.count("events", dataset.slug) == 6)
        #expect(try await Self.count("event_identities", dataset.slug) == 0)
        #expect(try await Self.count("event_days", dataset.slug) == 6)
        // The figures of the days that stay are the same, and a run finds nothing to read or to write.
        #expect(try await Self.figures(dataset.slug) == before)
        let run = try await Self.score(dataset)
        #expect(run.events == 0)
        #expect(run.days == first...Instant.now.day)
        #expect(try await Self.count("daily_aggregates", dataset.slug) == 4)

        let again = try #require(try await Self.retention().enforce(dataset.slug))
        #expect(again.events == 0)
        #expect(again.days == 0)
    }

    @Test func aPartitionThatNobodyElseUsesIsDroppedAsAWhole() async throws {
        let dataset = try await Self.keeping(30, "alone")
        _ = try await Dataset.stored("neighbour")
        let store = try IngestStore.ofTheSuite()
        try await store.ingest(
            [EventChunk([Self.event(daysAgo: 3000, id: "x"), Self.event(daysAgo: 5000)])], into: dataset.slug,
            content: "3")
        try await store.ingest([EventChunk([Self.event(daysAgo: 5000)])], into: "neighbour", content: "4")
        let partitions = "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'events'"
        let before: Int = try await value(partitions)

        let outcome = try #require(try await Self.retention().enforce(dataset.slug))
        #expect(outcome.events == 2)
        #expect(outcome.partitions == 1)
        #expect(try await value(partitions, as: Int.self) == before - 1)
        #expect(try await Self.count("events", dataset.slug) == 0)
        #expect(try await Self.count("event_identities", dataset.slug) == 0)
        #expect(try await Self.count("event_days", dataset.slug) == 0)
        #expect(try await Self.count("events", "neighbour") == 1)
        // The partition is made again when an event needs it.
        try await store.ingest([EventChunk([Self.event(daysAgo: 3000)])], into: "neighbour", content: "5")
        #expect(try await Self.count("events", "neighbour") == 2)
    }

    @Test func deadLettersGoWithTheEventsOfTheirTime() async throws {
        let dataset = try await Self.keeping(10, "letters")
        let letters = (Int64(1)...2).map {
            DeadLetter(rowNumber: $0, lineNumber: $0, raw: "x", reasonCode: "bad_time", detail: "no time")
        }
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([Self.event(daysAgo: 0)], firstRow: 3, deadLetters: letters)], into: dataset.slug, content: "6"
        ).batch
        try await withConnection { connection in
            try await connection.query(
                "UPDATE dead_letters SET created_at = now() - interval '18 days' WHERE batch = $1 AND row_number = 1",
                [batch])
        }
        #expect(try await Self.retention().enforce(dataset.slug)?.deadLetters == 1)
        #expect(try await value("SELECT row_number FROM dead_letters WHERE batch = $1", [batch]) == 2)
    }

    @Test func itWaitsForNobodyWhoWorksWithTheDataset() async throws {
        let dataset = try await Self.keeping(10, "worked")
        for work in ["ingest", "score"] {
            try await withConnection { holder in
                try await holder.query("SELECT pg_advisory_lock(hashtextextended('hextant \(work) worked', 0))")
                let error = await #expect(throws: StorageError.self) {
                    try await Self.retention().enforce(dataset.slug)
                }
                #expect(error?.code == .busy)
            }
        }
    }
}
