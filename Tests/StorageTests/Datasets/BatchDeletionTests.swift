import Accounts
import Domain
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Batches that are taken back.
@Suite(migratedDatabase())
struct BatchDeletionTests {
    private static let early = [
        SampleEvent(time: "2021-06-01T12:00:00Z"), SampleEvent(time: "2021-06-02T12:00:00Z", longitude: -79.3),
    ]
    /// Rows with and without ids, also on a day and in a month that no other batch has.
    private static let wrong = [
        SampleEvent(time: "2021-06-01T15:00:00Z"), SampleEvent(time: "2021-06-03T12:00:00Z", id: "a"),
        SampleEvent(time: "2031-08-01T12:00:00Z", id: "b"),
    ]

    private static func deletion() throws -> BatchDeletion {
        BatchDeletion(TestDatabase.options, sql: try Checkout.sql())
    }

    private static func score(_ dataset: Dataset) async throws {
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(dataset: dataset, resolutions: [7]))
    }

    /// Every scored figure of a dataset.
    private static func figures(_ slug: Slug) async throws -> String {
        try await value(
            """
            SELECT coalesce(string_agg(
                concat_ws(' ', day, h3_index, event_count, risk, risk_score, z_score), ',' ORDER BY day, h3_index), '')
            FROM daily_risk WHERE dataset = $1
            """, [slug])
    }

    @Test func itsEventsGoAndTheFiguresAreThoseOfADatasetThatNeverHadIt() async throws {
        let dataset = try await Dataset.stored("spoilt")
        let clean = try await Dataset.stored("clean")
        for each in [dataset, clean] {
            try await IngestStore.ofTheSuite().ingest([EventChunk(Self.early)], into: each.slug, content: "1")
        }
        let letters = [
            DeadLetter(rowNumber: 9, lineNumber: 9, raw: "x", reasonCode: "bad_time", detail: "no time")
        ]
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk(Self.wrong, deadLetters: letters)], into: dataset.slug, content: "2"
        ).batch
        for each in [dataset, clean] { try await Self.score(each) }
        #expect(try await Self.figures(dataset.slug) != Self.figures(clean.slug))

        let deleted = try await Self.deletion().delete(batch) { deleted in
            AuditEntry(
                actor: "command", action: "batches delete", target: "\(deleted.batch)", outcome: .done,
                detail: "\(deleted.events) events")
        }
        #expect(deleted.dataset == dataset.slug)
        #expect(deleted.events == 3)
        #expect(deleted.deadLetters == 1)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'spoilt'") == 2)
        #expect(try await value("SELECT count(*) FROM event_identities WHERE dataset = 'spoilt'") == 0)
        #expect(try await value("SELECT count(*) FROM dead_letters WHERE batch = $1", [batch]) == 0)
        let audited = "SELECT detail FROM audit_log WHERE action = 'batches delete' AND target = $1"
        #expect(try await value(audited, ["\(batch)"]) == "3 events")

        let run = try #require(deleted.run)
        let queued = try #require(try await storedRun(run))
        #expect(queued.state == .queued)
        #expect(queued.refresh)
        #expect(queued.trigger == "deletion of batch \(batch)")
        // The period of the newest run ended in 2031; nothing is left there.
        #expect(queued.to == nil)
        try await Self.score(dataset)
        #expect(try await Self.figures(dataset.slug) == Self.figures(clean.slug))
    }

    @Test func theSameFileCanBeIngestedAgain() async throws {
        _ = try await Dataset.stored("again")
        let store = try IngestStore.ofTheSuite()
        let chunk = EventChunk(Self.wrong)
        let batch = try await store.ingest([chunk], into: "again", content: "3").batch
        let deleted = try await Self.deletion().delete(batch)
        #expect(deleted.run == nil)
        let second = try await store.ingest([chunk], into: "again", content: "3")
        #expect(second.counts.accepted == 3)
        #expect(second.counts.duplicate == 0)
    }

    @Test func eventsThatALaterBatchReplacedStay() async throws {
        _ = try await Dataset.stored("replaced")
        let store = try IngestStore.ofTheSuite()
        let first = try await store.ingest(
            [EventChunk([SampleEvent(id: "one"), SampleEvent(id: "two")])], into: "replaced", content: "4")
        try await store.ingest(
            [EventChunk([SampleEvent(type: "robbery", id: "one")])], into: "replaced", content: "5")
        let deleted = try await Self.deletion().delete(first.batch)
        #expect(deleted.events == 1)
        let left = "SELECT string_agg(event_id || ' ' || event_type, ',') FROM events WHERE dataset = 'replaced'"
        #expect(try await value(left) == "one robbery")
        // Its id is still known: the same row is a duplicate.
        let same = try await store.ingest(
            [EventChunk([SampleEvent(type: "robbery", id: "one")])], into: "replaced", content: "6")
        #expect(same.counts.duplicate == 1)
    }

    @Test func nothingIsDeletedWhileAnIngestRunsOrForABatchThatIsNotThere() async throws {
        _ = try await Dataset.stored("busy")
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk(Self.early)], into: "busy", content: "7"
        ).batch
        try await withConnection { holder in
            try await holder.query("SELECT pg_advisory_lock(hashtextextended('hextant ingest busy', 0))")
            let error = await #expect(throws: StorageError.self) { try await Self.deletion().delete(batch) }
            #expect(error?.code == .busy)
        }
        #expect(try await value("SELECT count(*) FROM events WHERE batch = $1", [batch]) == 2)
        let none = await #expect(throws: StorageError.self) { try await Self.deletion().delete(987_654) }
        #expect(none?.code == .batch)
    }

    /// Days that the newest run left out, such as those of a few early records, are not scored by the deletion.
    @Test func thePeriodOfTheNewestRunIsKept() async throws {
        let dataset = try await Dataset.stored("narrow")
        let store = try IngestStore.ofTheSuite()
        try await store.ingest(
            [EventChunk([SampleEvent(time: "1980-01-01T00:00:00Z")] + Self.early)], into: dataset.slug, content: "8")
        let batch = try await store.ingest([EventChunk(Self.wrong)], into: dataset.slug, content: "9").batch
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(
                dataset: dataset, resolutions: [7], from: LocalDay("2021-01-01"), to: LocalDay("2021-12-31"),
                normalization: .percentile))
        let run = try #require(try await Self.deletion().delete(batch).run)
        let queued = try #require(try await storedRun(run))
        #expect(queued.from == LocalDay("2021-01-01"))
        #expect(queued.to == nil)
        #expect(queued.normalization == "percentile")
    }
}
