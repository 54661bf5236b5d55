import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Rows without ids of their own: known again by the content of their upload.
@Suite(migratedDatabase())
struct BatchTests {
    @Test func rowsAreStoredAsTheyAre() async throws {
        _ = try await Dataset.stored("as-they-are")
        let event = SampleEvent(
            time: "2021-03-04T05:06:07Z", longitude: -79.380_001, latitude: 43.65, type: "vol à main armée",
            attributes: #"{"premises": "bar \"x\"", "n": 3}"#)
        let outcome = try await IngestStore.ofTheSuite()
            .ingest([EventChunk([event], firstRow: 12)], into: "as-they-are", content: "a")
        #expect(outcome.counts.received == 1)
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.counts.duplicate == 0)
        #expect(outcome.counts.rejected == 0)
        try await withConnection { connection in
            let row = try await connection.query(
                """
                SELECT event_id, event_type, event_timestamp, ST_X(geom), ST_Y(geom), attributes_json ->> 'premises',
                    batch, row_number
                FROM events WHERE dataset = 'as-they-are'
                """)[0]
            #expect(try row.get(0, as: String?.self) == nil)
            #expect(try row.get(1) == "vol à main armée")
            #expect(try row.get(2, as: PostgresTimestamp.self).microseconds == 1_614_834_367_000_000)
            #expect(try row.get(3) == -79.380_001)
            #expect(try row.get(4) == 43.65)
            #expect(try row.get(5) == "bar \"x\"")
            #expect(try row.get(6) == outcome.batch)
            #expect(try row.get(7) == 12)
        }
    }

    @Test func countsAddUpAndDeadLettersAreKept() async throws {
        _ = try await Dataset.stored("letters")
        let letters = [
            DeadLetter(rowNumber: 3, lineNumber: 4, raw: "a,b,\"c\nd\"", reasonCode: "bad_time", detail: "no time"),
            DeadLetter(rowNumber: 4, lineNumber: 6, raw: "", reasonCode: "bad_point", detail: "no place"),
        ]
        let outcome = try await IngestStore.ofTheSuite().ingest(
            [
                EventChunk([SampleEvent(), SampleEvent()], deadLetters: letters),
                EventChunk([SampleEvent()], firstRow: 5), EventChunk(),
            ], into: "letters", content: "b")
        #expect(outcome.counts.received == 5)
        #expect(outcome.counts.accepted == 3)
        #expect(outcome.counts.duplicate == 0)
        #expect(outcome.counts.rejected == 2)
        try await withConnection { connection in
            let kept = try await connection.query(
                """
                SELECT row_number, line_number, raw, reason, detail
                FROM dead_letters WHERE batch = $1 ORDER BY line_number
                """, [outcome.batch])
            let read = try kept.map { row in
                DeadLetter(
                    rowNumber: try row.get(0), lineNumber: try row.get(1), raw: try row.get(2),
                    reasonCode: try row.get(3), detail: try row.get(4))
            }
            #expect(read == letters)
            let batch = try await connection.query(
                """
                SELECT state::text, received, accepted, duplicate, rejected, source, mapping, encode(sha256, 'hex'),
                    finished_at IS NOT NULL
                FROM ingest_batches WHERE id = $1
                """, [outcome.batch])[0]
            #expect(try batch.get(0) == "finished")
            #expect(try (1...4).map { try batch.get($0, as: Int.self) } == [5, 3, 0, 2])
            #expect(try batch.get(5) == "a file")
            #expect(try batch.get(6) == "canonical")
            #expect(try batch.get(7) == String(repeating: "b", count: 64))
            #expect(try batch.get(8) == true)
        }
    }

    @Test func theSameFileTwiceAddsNothing() async throws {
        _ = try await Dataset.stored("twice")
        let store = try IngestStore.ofTheSuite()
        let letter = DeadLetter(rowNumber: 3, lineNumber: 4, raw: "x", reasonCode: "bad_time", detail: "no time")
        // Two rows that differ only in their row number are two events.
        let chunk = EventChunk([SampleEvent(), SampleEvent()], deadLetters: [letter])
        let first = try await store.ingest([chunk], into: "twice", content: "c")
        #expect(first.counts.accepted == 2)
        #expect(first.counts.rejected == 1)
        let second = try await store.ingest([chunk], into: "twice", content: "c")
        #expect(second.counts.received == 3)
        #expect(second.counts.accepted == 0)
        #expect(second.counts.duplicate == 2)
        #expect(second.counts.rejected == 1)
        let other = try await store.ingest([chunk], into: "twice", content: "d")
        #expect(other.counts.accepted == 2)
        #expect(other.counts.duplicate == 0)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'twice'", as: Int.self) == 4)
        let letters = "SELECT count(*) FROM dead_letters WHERE batch IN ($1, $2)"
        #expect(try await value(letters, [first.batch, second.batch], as: Int.self) == 1)
    }

    @Test func aRowThatWasRejectedBeforeMayCome() async throws {
        _ = try await Dataset.stored("remapped")
        let store = try IngestStore.ofTheSuite()
        let letter = DeadLetter(rowNumber: 2, lineNumber: 3, raw: "x", reasonCode: "bad_time", detail: "no time")
        try await store.ingest([EventChunk([SampleEvent()], deadLetters: [letter])], into: "remapped", content: "e")
        let again = try await store.ingest(
            [EventChunk([SampleEvent(), SampleEvent()])], into: "remapped", content: "e")
        #expect(again.counts.accepted == 1)
        #expect(again.counts.duplicate == 1)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'remapped'", as: Int.self) == 2)
    }

    @Test func datasetsDoNotShareWhatIsKnown() async throws {
        _ = try await Dataset.stored("one-of-two")
        _ = try await Dataset.stored("two-of-two")
        let store = try IngestStore.ofTheSuite()
        try await store.ingest([EventChunk([SampleEvent()])], into: "one-of-two", content: "f")
        let other = try await store.ingest([EventChunk([SampleEvent()])], into: "two-of-two", content: "f")
        #expect(other.counts.accepted == 1)
    }

    @Test func manyRowsOverManyMonthsComeIn() async throws {
        _ = try await Dataset.stored("many")
        let months = (1...12).map { $0 < 10 ? "0\($0)" : "\($0)" }
        let chunks = months.enumerated().map { index, month in
            EventChunk(
                (0..<1000).map { SampleEvent(time: "2020-\(month)-11T10:00:00Z", longitude: Double($0) / 10) },
                firstRow: Int64(index) * 1000 + 1)
        }
        let outcome = try await IngestStore.ofTheSuite().ingest(chunks, into: "many", content: "1")
        #expect(outcome.counts.accepted == 12_000)
        let again = try await IngestStore.ofTheSuite().ingest(chunks, into: "many", content: "1")
        #expect(again.counts.duplicate == 12_000)
        #expect(
            try await value("SELECT sum(row_number)::int8 FROM events WHERE dataset = 'many'") == 12_000 * 12_001 / 2)
    }
}
