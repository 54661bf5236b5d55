import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct KnownRowsTests {
    private static func load(_ dataset: Slug, _ content: Character, new: Int64? = nil) async throws -> KnownRows {
        try await withConnection { connection in
            try await connection.transaction { connection in
                try await KnownRows.load(
                    connection, dataset: dataset, sha256: String(repeating: content, count: 64), new: new,
                    sql: Checkout.sql())
            }
        }
    }

    private static func letter(_ row: Int64) -> DeadLetter {
        DeadLetter(rowNumber: row, lineNumber: row + 1, raw: "x", reasonCode: "bad_time", detail: "no time")
    }

    /// Which of the rows 1 to 9 are in a set.
    private static func rows(_ set: RowSet) -> [Int64] { (1...9).filter(set.contains) }

    @Test func nothingIsKnownOfAFileThatNeverCame() async throws {
        _ = try await Dataset.stored("never")
        let known = try await Self.load("never", "a")
        #expect(known.rows.count == 0)
        #expect(known.deadLetters.count == 0)
    }

    @Test func rowsWithoutAnIdAndDeadLettersAreKnownByTheirNumber() async throws {
        _ = try await Dataset.stored("known")
        // Row 3 has an id, by which it is recognised in any file.
        let events = [SampleEvent(), SampleEvent(), SampleEvent(id: "x"), SampleEvent()]
        let chunk = EventChunk(events, firstRow: 1, deadLetters: [Self.letter(7), Self.letter(9)])
        try await IngestStore.ofTheSuite().ingest([chunk], into: "known", content: "a")
        let known = try await Self.load("known", "a")
        #expect(Self.rows(known.rows) == [1, 2, 4])
        #expect(known.rows.count == 3)
        #expect(Self.rows(known.deadLetters) == [7, 9])
        #expect(known.deadLetters.count == 2)
    }

    @Test func anotherFileAndAnotherDatasetAreNotLookedAt() async throws {
        _ = try await Dataset.stored("here")
        _ = try await Dataset.stored("there")
        let chunk = EventChunk([SampleEvent()], deadLetters: [Self.letter(2)])
        try await IngestStore.ofTheSuite().ingest([chunk], into: "here", content: "a")
        for (dataset, content) in [("here", "b"), ("there", "a")] as [(Slug, Character)] {
            let known = try await Self.load(dataset, content)
            #expect(known.rows.count == 0)
            #expect(known.deadLetters.count == 0)
        }
    }

    @Test func whatSeveralBatchesOfAFileStoredIsKnown() async throws {
        _ = try await Dataset.stored("several")
        let store = try IngestStore.ofTheSuite()
        let first = try await store.ingest([EventChunk([SampleEvent()])], into: "several", content: "a")
        let second = try await store.ingest(
            [EventChunk([SampleEvent()], firstRow: 5, deadLetters: [Self.letter(6)])], into: "several", content: "a")
        #expect(Self.rows(try await Self.load("several", "a").rows) == [1, 5])
        // A batch that is new has stored nothing, so it is not looked at.
        #expect(Self.rows(try await Self.load("several", "a", new: first.batch).rows) == [5])
        let others = try await Self.load("several", "a", new: second.batch)
        #expect(Self.rows(others.rows) == [1])
        #expect(others.deadLetters.count == 0)
    }

    /// The letters of a batch that failed are there to be read, and come again with the next one. Its events may have
    /// been stored by connections that had committed before.
    @Test func ofAFailedBatchTheEventsAreKnownAndTheDeadLettersAreNot() async throws {
        _ = try await Dataset.stored("failed")
        let chunk = EventChunk([SampleEvent()], deadLetters: [Self.letter(2)])
        let outcome = try await IngestStore.ofTheSuite().ingest([chunk], into: "failed", content: "a")
        try await withConnection { connection in
            try await connection.query(
                "UPDATE ingest_batches SET state = 'failed', error = 'interrupted' WHERE id = $1", [outcome.batch])
        }
        let known = try await Self.load("failed", "a")
        #expect(Self.rows(known.rows) == [1])
        #expect(known.deadLetters.count == 0)
    }

    /// The batches to look at are a setting of the transaction. Without one, an error is better than to know no rows
    /// and to store them again.
    @Test func outsideATransactionItFails() async throws {
        _ = try await Dataset.stored("outside")
        try await IngestStore.ofTheSuite().ingest([EventChunk([SampleEvent()])], into: "outside", content: "a")
        try await withConnection { connection in
            await #expect(throws: PostgresError.self) {
                try await KnownRows.load(
                    connection, dataset: "outside", sha256: String(repeating: "a", count: 64), sql: Checkout.sql())
            }
        }
    }
}
