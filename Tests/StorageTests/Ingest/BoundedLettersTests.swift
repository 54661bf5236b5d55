import Domain
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The limit on the dead letters that are stored.
@Suite(migratedDatabase())
struct BoundedLettersTests {
    private static func letters(_ rows: ClosedRange<Int64>, raw: String = "x") -> EventChunk {
        var chunk = EventChunk()
        chunk.deadLetters = rows.map {
            DeadLetter(
                rowNumber: $0, lineNumber: $0 + 1, raw: raw, reasonCode: $0 % 3 == 0 ? "bad_number" : "empty_row",
                detail: "")
        }
        return chunk
    }

    private static func store(_ count: Int) throws -> IngestStore {
        IngestStore(TestDatabase.options, sql: try Checkout.sql(), letters: LetterAllowance(count: count))
    }

    private static func batch(_ id: Int64) async throws -> IngestBatch {
        try await withConnection { connection in
            try #require(try await IngestRecords(connection, sql: Checkout.sql()).batch(id))
        }
    }

    private static func kept(_ dataset: Slug) async throws -> Int {
        try await value(
            "SELECT count(*) FROM dead_letters d JOIN ingest_batches b ON b.id = d.batch WHERE dataset = $1", [dataset])
    }

    @Test func theFirstAreKeptAndAllAreCounted() async throws {
        _ = try await Dataset.stored("bounded")
        let outcome = try await Self.store(4).ingest(
            [Self.letters(1...3), Self.letters(4...9)], into: "bounded", content: "a")
        #expect(outcome.counts.rejected == 9)
        #expect(outcome.counts.deadLettersOmitted == 5)
        let kept = try await Self.batch(outcome.batch)
        #expect(kept.counts.rejected == 9)
        #expect(kept.counts.deadLettersOmitted == 5)
        #expect(kept.counts.rejects?.byReason == ["bad_number": 3, "empty_row": 6])
        #expect(try await value("SELECT max(row_number) FROM dead_letters WHERE batch = \(outcome.batch)") == 4)
    }

    @Test func theSameFileAgainKeepsNoMoreAndALaterOneItsOwn() async throws {
        _ = try await Dataset.stored("again")
        let store = try Self.store(4)
        for content: Character in ["a", "a", "b"] {
            let outcome = try await store.ingest([Self.letters(1...9)], into: "again", content: content)
            #expect(outcome.counts.rejected == 9)
            #expect(outcome.counts.deadLettersOmitted == 5)
        }
        #expect(try await Self.kept("again") == 8)
    }

    @Test func theTextsOfLettersAreBoundedTogether() async throws {
        _ = try await Dataset.stored("heavy")
        // 64 letters of almost one MiB fit into 64 MiB, and the small one after them.
        let heavy = Self.letters(1...66, raw: String(repeating: "x", count: (1 << 20) - 8))
        let outcome = try await Self.store(1000).ingest([heavy, Self.letters(67...67)], into: "heavy", content: "a")
        #expect(try await Self.kept("heavy") == 65)
        #expect(outcome.counts.deadLettersOmitted == 2)
    }

    @Test func lettersThatBecomeEventsLeaveTheCounts() async throws {
        _ = try await Dataset.stored("mended")
        let store = try Self.store(4)
        let batch = try await store.ingest([Self.letters(1...9)], into: "mended", content: "a").batch
        let done = try await store.remediate(batch: batch, reason: nil) { page in
            var events = EventChunk()
            for stored in page.letters { events.append(EventChunk([SampleEvent()], firstRow: stored.letter.rowNumber)) }
            return (events, page.letters.map(\.id))
        }
        #expect(done.examined == 4)
        #expect(done.remediated == 4)
        let kept = try await Self.batch(batch)
        #expect(kept.counts.rejected == 5)
        #expect(kept.counts.accepted == 4)
        #expect(kept.counts.rejects?.byReason == ["bad_number": 2, "empty_row": 3])
    }

    @Test func aFileOfTooManyRejectsKeepsItsFirstLettersAndNothingElse() async throws {
        _ = try await Dataset.stored("unlike")
        let store = try Self.store(1000)
        let letters = Self.letters(1...300)
        let error = await #expect(throws: TooManyRejects.self) {
            try await store.ingest(.sample("unlike", content: "a")) { writer in
                try await writer.write(EventChunk([SampleEvent()], firstRow: 301))
                try await writer.write(letters)
                var counts = RejectCounts()
                counts.add(letters.deadLetters)
                throw TooManyRejects(
                    records: 301, counts: counts, share: 0.5, letters: Array(letters.deadLetters.prefix(100)))
            }
        }
        let id = try #require(error?.batch)
        let kept = try await Self.batch(id)
        #expect(kept.state == "failed")
        #expect(kept.error?.hasPrefix("too_many_rejects: 300 of the first 301") == true)
        #expect(kept.counts.received == 300)
        #expect(kept.counts.accepted == 0)
        #expect(kept.counts.rejected == 300)
        #expect(kept.counts.deadLettersOmitted == 200)
        #expect(kept.counts.rejects?.byReason == ["bad_number": 100, "empty_row": 200])
        #expect(try await Self.kept("unlike") == 100)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'unlike'") == 0)
        let refused = await #expect(throws: StorageError.self) {
            try await store.remediate(batch: id, reason: nil) { _ in (EventChunk(), []) }
        }
        #expect(refused?.code == .failedBatch)
        // Rows of a failed batch are not remembered: the same file with a fitting mapping stores its letters.
        let outcome = try await store.ingest([letters], into: "unlike", content: "a")
        #expect(outcome.counts.deadLettersOmitted == 0)
        #expect(try await Self.kept("unlike") == 400)
    }
}
