import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct FailedBatchTests {
    private struct GivenUp: Error, CustomStringConvertible {
        var description: String { "the file ended in the middle" }
    }

    @Test func aBatchThatFailsLeavesNothingButItself() async throws {
        _ = try await Dataset.stored("failing")
        let letter = DeadLetter(rowNumber: 3, lineNumber: 4, raw: "x", reasonCode: "bad_time", detail: "no time")
        let chunk = EventChunk([SampleEvent(), SampleEvent(id: "x")], deadLetters: [letter])
        let store = try IngestStore.ofTheSuite()
        await #expect(throws: GivenUp.self) {
            _ = try await store.ingest(.sample("failing", content: "a")) { writer in
                try await writer.write(chunk)
                throw GivenUp()
            }
        }
        try await withConnection { connection in
            let left = try await connection.query(
                """
                SELECT (SELECT count(*) FROM events WHERE dataset = 'failing'),
                    (SELECT count(*) FROM event_identities WHERE dataset = 'failing'),
                    (SELECT count(*) FROM dead_letters JOIN ingest_batches b ON b.id = batch WHERE dataset = 'failing')
                """)[0]
            #expect(try (0...2).map { try left.get($0, as: Int.self) } == [0, 0, 0])
            let batches = try await connection.query(
                """
                SELECT state::text, received, error, finished_at IS NOT NULL
                FROM ingest_batches WHERE dataset = 'failing'
                """)
            #expect(batches.count == 1)
            #expect(try batches[0].get(0) == "failed")
            #expect(try batches[0].get(1) == 0)
            #expect(try batches[0].get(2) == "the file ended in the middle")
            #expect(try batches[0].get(3) == true)
        }
        // The lock is free, and nothing of the failed batch is remembered.
        let outcome = try await store.ingest([chunk], into: "failing", content: "a")
        #expect(outcome.counts.accepted == 2)
        #expect(outcome.counts.rejected == 1)
    }

    @Test func aRowThatTheDatabaseRefusesFailsTheBatch() async throws {
        _ = try await Dataset.stored("refused")
        let store = try IngestStore.ofTheSuite()
        let error = await #expect(throws: PostgresError.self) {
            try await store.ingest([EventChunk([SampleEvent(attributes: "{")])], into: "refused", content: "a")
        }
        #expect(error?.sqlState == "22P02")
        #expect(try await value("SELECT state::text FROM ingest_batches WHERE dataset = 'refused'") == "failed")
    }

    @Test func aSecondIngestIntoTheSameDatasetIsBusy() async throws {
        _ = try await Dataset.stored("busy")
        _ = try await Dataset.stored("idle")
        let store = try IngestStore.ofTheSuite()
        _ = try await store.ingest(.sample("busy", content: "a")) { writer in
            let error = await #expect(throws: StorageError.self) {
                try await store.ingest([EventChunk([SampleEvent()])], into: "busy", content: "b")
            }
            #expect(error?.code == .busy)
            #expect(error?.message.contains("busy") == true)
            #expect(
                try await store.ingest([EventChunk([SampleEvent()])], into: "idle", content: "b").counts.accepted == 1)
            try await writer.write(EventChunk([SampleEvent()]))
        }
        let states = "SELECT string_agg(state::text, ' ') FROM ingest_batches WHERE dataset = 'busy'"
        #expect(try await value(states) == "finished")
    }

    @Test func anUnknownDatasetIsNamed() async throws {
        let error = await #expect(throws: StorageError.self) {
            try await IngestStore.ofTheSuite().ingest([EventChunk([SampleEvent()])], into: "unknown", content: "a")
        }
        #expect(error?.code == .dataset)
        #expect(error?.message.contains("there is no dataset unknown") == true)
    }

    @Test func aBatchLeftRunningByADeadProcessIsClosed() async throws {
        _ = try await Dataset.stored("left")
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO ingest_batches (dataset, source, sha256, mapping)
                VALUES ('left', 'a file', decode(repeat('aa', 32), 'hex'), 'canonical')
                """)
        }
        // The same content: an unfinished batch is not remembered.
        let outcome = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent()])], into: "left", content: "a")
        #expect(outcome.counts.accepted == 1)
        let states = "SELECT string_agg(state::text, ' ' ORDER BY id) FROM ingest_batches WHERE dataset = 'left'"
        #expect(try await value(states) == "failed finished")
    }
}
