import Domain
import Foundation
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The quality of batches and datasets, as the store keeps it.
@Suite(migratedDatabase())
struct BatchQualityTests {
    private static func upload(_ dataset: Slug, _ content: Character, _ expect: Expectations) -> IngestStore.Upload {
        var upload = IngestStore.Upload.sample(dataset, content: content)
        upload.expect = expect
        return upload
    }

    private static func batch(_ id: Int64) async throws -> IngestBatch {
        try await withConnection { connection in
            try #require(try await IngestRecords(connection, sql: Checkout.sql()).batch(id))
        }
    }

    private static func quality(_ dataset: Slug) async throws -> DatasetQuality {
        let sql = try Checkout.sql()
        return try await withConnection { try await QualityStore($0, sql: sql).quality(of: dataset) }
    }

    /// A chunk with ten fields, two of them blank.
    private static func chunk(_ events: [SampleEvent], letters: Int = 0) -> EventChunk {
        let rows = (0..<letters).map { Int64(events.count + $0 + 1) }
        var chunk = EventChunk(
            events,
            deadLetters: rows.map {
                DeadLetter(rowNumber: $0, lineNumber: $0 + 1, raw: "x", reasonCode: "bad_number", detail: "none")
            })
        chunk.quality.begin(["a", "b"], expected: 0, unique: 1)
        chunk.quality.fields = 10
        chunk.quality.countBlank(1)
        chunk.quality.countBlank(1)
        chunk.quality.remedies.add(.swappedCoordinates)
        return chunk
    }

    @Test func aBatchKeepsWhatItsScoresFollowFrom() async throws {
        _ = try await Dataset.stored("scored")
        let outcome = try await IngestStore.ofTheSuite().ingest(
            Self.upload("scored", "a", Expectations(rows: 1...3, freshDays: 30, validShare: 0.9))
        ) { writer in
            try await writer.write(Self.chunk([SampleEvent(time: "2021-06-01T12:00:00Z")], letters: 1))
            try await writer.write(Self.chunk([SampleEvent(time: "2021-06-03T12:00:00Z")], letters: 1))
        }
        #expect(outcome.findings.map(\.check) == [.rows, .validShare, .freshDays])
        #expect(outcome.remedies.byName == ["swapped_coordinates": 2])
        let quality = try #require(try await Self.batch(outcome.batch).quality)
        #expect(quality.scores.fields == 20)
        #expect(quality.scores.blankFields == 4)
        #expect(quality.scores.completeness == 0.8)
        #expect(quality.scores.validity == 0.5)
        #expect(quality.scores.freshDays == 30)
        #expect(quality.newestEvent == Instant("2021-06-03T12:00:00Z"))
        let age = try #require(quality.scores.ageDays)
        #expect(quality.scores.timeliness == 30 / age)
        #expect(quality.blanks == ["b": 4])
        #expect(quality.remedies.byName == ["swapped_coordinates": 2])
        #expect(quality.findings == outcome.findings)
    }

    @Test func eventsStillToComeAreNotTheNewest() async throws {
        _ = try await Dataset.stored("future")
        let outcome = try await IngestStore.ofTheSuite().ingest(Self.upload("future", "a", Expectations())) { writer in
            try await writer.write(
                Self.chunk([SampleEvent(time: "2021-06-01T12:00:00Z"), SampleEvent(time: "2921-06-01T12:00:00Z")]))
        }
        #expect(outcome.findings.map(\.check) == [.future])
        let quality = try #require(try await Self.batch(outcome.batch).quality)
        #expect(quality.futureEvents == 1)
        #expect(quality.newestEvent == Instant("2021-06-01T12:00:00Z"))
    }

    @Test func rowsAreComparedWithEarlierBatchesOfTheSameMapping() async throws {
        _ = try await Dataset.stored("changing")
        let store = try IngestStore.ofTheSuite()
        let expect = Expectations(rowChange: 0.5)
        var found: [[QualityFinding.Check]] = []
        for (content, rows) in [("a", 1), ("b", 4), ("c", 4), ("d", 1), ("e", 3)] as [(Character, Int)] {
            let outcome = try await store.ingest(Self.upload("changing", content, expect)) { writer in
                try await writer.write(EventChunk([SampleEvent](repeating: SampleEvent(), count: rows)))
            }
            found.append(outcome.findings.map(\.check))
        }
        // The first three have fewer than three before them. The median of 1, 4, 4 is 4, and of 1, 4, 4, 1 it is 2.5.
        #expect(found == [[], [], [], [.rowChange], []])
        var other = Self.upload("changing", "f", expect)
        other.mapping = "another"
        let outcome = try await store.ingest(other) { try await $0.write(EventChunk([SampleEvent()])) }
        #expect(outcome.findings.isEmpty)
    }

    @Test func repeatedValuesAreFoundAcrossTheChunksOfAFile() async throws {
        _ = try await Dataset.stored("repeated")
        let expect = Expectations(columns: [try ColumnExpectation(name: "id", isUnique: true)])
        let outcome = try await IngestStore.ofTheSuite().ingest(Self.upload("repeated", "a", expect)) { writer in
            for hash in [1, 2, 1] as [UInt64] {
                var chunk = EventChunk([SampleEvent()])
                chunk.quality.begin([], expected: 1, unique: 1)
                chunk.quality.values[0] = 1
                chunk.quality.uniqueHashes[0] = [hash]
                try await writer.write(chunk)
            }
        }
        #expect(outcome.findings.map(\.check) == [.unique])
        #expect(outcome.findings.first?.column == "id")
        #expect(outcome.findings.first?.message.hasPrefix("1 values") == true)
    }

    @Test func whatIsReadAgainChangesTheScores() async throws {
        _ = try await Dataset.stored("mended")
        let store = try IngestStore.ofTheSuite()
        let batch = try await store.ingest(Self.upload("mended", "a", Expectations())) { writer in
            try await writer.write(Self.chunk([SampleEvent()], letters: 1))
        }.batch
        let done = try await store.remediate(batch: batch, reason: nil) { page in
            var chunk = EventChunk([SampleEvent(type: "fire")], firstRow: 2)
            chunk.quality.fields = 5
            chunk.quality.blankFields = 1
            chunk.quality.remedies.add(.falseForNull)
            return (chunk, page.letters.map(\.id))
        }
        #expect(done.remedies.byName == ["false_for_null": 1])
        let quality = try #require(try await Self.batch(batch).quality)
        #expect(quality.scores.validity == 1)
        #expect(quality.scores.fields == 15)
        #expect(quality.scores.blankFields == 3)
        #expect(quality.remedies.byName == ["swapped_coordinates": 1, "false_for_null": 1])
    }

    @Test func aBatchFromBeforeHasNoScores() async throws {
        _ = try await Dataset.stored("older")
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent()])], into: "older", content: "a"
        ).batch
        try await withConnection { connection in
            try await connection.execute(
                """
                UPDATE ingest_batches SET fields = NULL, blank_fields = NULL, newest_event = NULL WHERE id = \(batch)
                """)
        }
        #expect(try await Self.batch(batch).quality == nil)
        let quality = try await Self.quality("older")
        #expect(quality.scores.completeness == nil)
        #expect(quality.scores.timeliness == nil)
        #expect(quality.scores.validity == 1)
        // Dead letters that are read again leave it so.
        _ = try await IngestStore.ofTheSuite().remediate(batch: batch, reason: nil) { _ in (EventChunk(), []) }
        #expect(try await Self.batch(batch).quality == nil)
    }

    @Test func aDatasetHasTheScoresOfItsBatchesTogether() async throws {
        _ = try await Dataset.stored("summed")
        let store = try IngestStore.ofTheSuite()
        for (content, letters) in [("a", 1), ("b", 3)] as [(Character, Int)] {
            _ = try await store.ingest(Self.upload("summed", content, Expectations(rows: 1...2))) { writer in
                try await writer.write(Self.chunk([SampleEvent()], letters: letters))
            }
        }
        let quality = try await Self.quality("summed")
        #expect(quality.batchCount == 2)
        #expect(quality.scores.received == 6)
        #expect(quality.scores.rejected == 4)
        #expect(quality.scores.completeness == 0.8)
        #expect(quality.rejects.byReason == ["bad_number": 4])
        #expect(quality.remedies.byName == ["swapped_coordinates": 2])
        #expect(quality.blanks == ["b": 4])
        #expect(quality.findings.map(\.finding.check) == [.rows])
        #expect(quality.findings.map(\.batch) == [quality.batches[0].id])
        #expect(quality.trend.map(\.batches) == [2])
        #expect(quality.trend.map(\.findings) == [1])
        #expect(quality.trend[0].scores.rejected == 4)
        // A dataset without batches has none of it.
        _ = try await Dataset.stored("empty")
        let empty = try await Self.quality("empty")
        #expect(empty.batchCount == 0)
        #expect(empty.scores == QualityScores())
    }
}
