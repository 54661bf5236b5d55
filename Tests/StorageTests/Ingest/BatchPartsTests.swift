import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Batches that several connections write: months that are there already, and more than one chunk of events. One test
/// puts a trigger on the table, which waits for the batches of the others and makes their later connections wait.
@Suite(migratedDatabase(), .serialized)
struct BatchPartsTests {
    private struct GivenUp: Error {}

    private static let months = ["2020-01", "2020-02", "2020-03"]
    private static let store = Result { try IngestStore.ofTheSuite(connections: 3) }

    /// Chunks of five rows, each row in a different month and alternately on two days.
    private static func chunks(_ count: Int, months: [String] = BatchPartsTests.months) -> [EventChunk] {
        (0..<count).map { number in
            EventChunk(
                (0..<5).map { SampleEvent(time: "\(months[$0 % months.count])-1\(number % 2)T10:00:00Z") },
                firstRow: Int64(number) * 5 + 1)
        }
    }

    /// Creates the partitions of the hypertable.
    private static func storeOther(_ dataset: Slug) async throws {
        _ = try await Dataset.stored(dataset)
        try await store.get().ingest(chunks(1), into: dataset, content: "0")
    }

    private static func connections(_ dataset: Slug) async throws -> Int {
        try await value("SELECT count(DISTINCT xmin::text) FROM events WHERE dataset = $1", [dataset])
    }

    @Test func rowsOfOldMonthsAreSharedOutAndEachIsStoredOnce() async throws {
        try await Self.storeOther("shared-0")
        _ = try await Dataset.stored("shared")
        let letter = DeadLetter(rowNumber: 51, lineNumber: 52, raw: "x", reasonCode: "bad_time", detail: "no time")
        let chunks = Self.chunks(10) + [EventChunk([], deadLetters: [letter])]
        let outcome = try await Self.store.get().ingest(chunks, into: "shared", content: "a")
        #expect(outcome.counts.received == 51)
        #expect(outcome.counts.accepted == 50)
        #expect(outcome.counts.duplicate == 0)
        #expect(outcome.counts.rejected == 1)
        #expect(try await Self.connections("shared") == 3)
        #expect(
            try await value(
                "SELECT count(DISTINCT row_number) * 100 + count(*) FROM events WHERE dataset = 'shared'", as: Int.self)
                == 50 * 100 + 50)
        let counts = "SELECT received * 10000 + accepted * 100 + rejected FROM ingest_batches WHERE dataset = 'shared'"
        #expect(try await value(counts, as: Int.self) == 51 * 10_000 + 50 * 100 + 1)
        #expect(try await value("SELECT count(*) FROM event_days WHERE dataset = 'shared'", as: Int.self) == 6)
        let again = try await Self.store.get().ingest(chunks, into: "shared", content: "a")
        #expect(again.counts.accepted == 0)
        #expect(again.counts.duplicate == 50)
        #expect(again.counts.rejected == 1)
    }

    /// Twenty rows of 60 ms each take longer than the server's limit of a second, and ten of them do not.
    @Test func rowsThatTakeTooLongAreTriedAgainInHalves() async throws {
        _ = try await Dataset.stored("slow")
        try await withConnection { connection in
            try await connection.execute(
                """
                CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql
                    AS $$ BEGIN PERFORM pg_sleep(0.06); RETURN NEW; END $$;
                CREATE TRIGGER be_slow BEFORE INSERT ON events FOR EACH ROW
                    WHEN (NEW.dataset = 'slow') EXECUTE FUNCTION be_slow()
                """)
        }
        var options = TestDatabase.options
        options.statementTimeout = .seconds(1)
        let store = IngestStore(options, sql: try Checkout.sql(), connections: 1)
        let chunk = EventChunk((0..<20).map { _ in SampleEvent(time: "2020-01-10T10:00:00Z") })
        let outcome = try await store.ingest([chunk], into: "slow", content: "a")
        #expect(outcome.counts.accepted == 20)
        let stored = "SELECT count(DISTINCT row_number) * 100 + count(*) FROM events WHERE dataset = 'slow'"
        #expect(try await value(stored, as: Int.self) == 20 * 100 + 20)
        #expect(
            try await value(
                "SELECT sum(k.count)::int FROM event_days, unnest(kinds) AS k WHERE dataset = 'slow'", as: Int.self)
                == 20)
    }

    @Test func manyChunksAtOnceAreEachWrittenByOneSession() async throws {
        let years = (1980..<1996).flatMap { year in ["\(year)-02", "\(year)-07"] }
        let chunk = EventChunk((0..<192).map { SampleEvent(time: "\(years[$0 % years.count])-10T10:00:00Z") })
        _ = try await Dataset.stored("many-0")
        try await Self.store.get().ingest([chunk], into: "many-0", content: "0")
        _ = try await Dataset.stored("many")
        #expect(try await Self.store.get().ingest([chunk, chunk], into: "many", content: "a").counts.accepted == 384)
        #expect(try await Self.connections("many") == 3)
        let shared = """
            SELECT count(*) FROM (
                SELECT FROM events WHERE dataset = 'many' GROUP BY tableoid HAVING count(DISTINCT xmin::text) > 1) s
            """
        #expect(try await value(shared, as: Int.self) == 0)
        #expect(try await value("SELECT count(*) FROM event_days WHERE dataset = 'many'", as: Int.self) == 32)
    }

    @Test func newMonthsAmongOldOnesDoNotHoldTheSessionsUp() async throws {
        try await Self.storeOther("mixed-months-0")
        _ = try await Dataset.stored("mixed-months")
        let chunks = Self.chunks(12, months: Self.months + ["1999-01", "1999-06"])
        let outcome = try await Self.store.get().ingest(chunks, into: "mixed-months", content: "a")
        #expect(outcome.counts.accepted == 60)
        #expect(try await Self.connections("mixed-months") == 3)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'mixed-months'", as: Int.self) == 60)
    }

    @Test func anErrorUndoesWhatEverySessionWrote() async throws {
        try await Self.storeOther("undone-0")
        _ = try await Dataset.stored("undone")
        await #expect(throws: GivenUp.self) {
            try await Self.store.get().ingest(.sample("undone", content: "a")) { writer in
                for chunk in Self.chunks(10) { try await writer.write(chunk) }
                throw GivenUp()
            }
        }
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'undone'", as: Int.self) == 0)
        // A row that PostgreSQL refuses, in a part of a connection other than the first.
        let bad = EventChunk([SampleEvent(time: "2020-01-10T10:00:00Z", attributes: "{")], firstRow: 6)
        await #expect(throws: PostgresError.self) {
            try await Self.store.get().ingest([Self.chunks(1)[0], bad], into: "undone", content: "b")
        }
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'undone'", as: Int.self) == 0)
        #expect(try await Self.store.get().ingest(Self.chunks(10), into: "undone", content: "a").counts.accepted == 50)
    }

    @Test func partsOfABatchThatDidNotFinishAreKnown() async throws {
        try await Self.storeOther("parts-0")
        _ = try await Dataset.stored("parts")
        let first = try await Self.store.get().ingest(Self.chunks(4), into: "parts", content: "a")
        // The state after a kill between two commits.
        try await withConnection { connection in
            try await connection.query(
                """
                DELETE FROM events WHERE batch = $1
                    AND xmin::text = (SELECT max(xmin::text::int8)::text FROM events WHERE batch = $1)
                """, [first.batch])
            try await connection.query(
                """
                UPDATE ingest_batches b SET state = 'running', finished_at = NULL, received = n, accepted = n
                FROM (SELECT count(*) AS n FROM events WHERE batch = $1) e WHERE b.id = $1
                """, [first.batch])
        }
        let left: Int = try await value("SELECT count(*) FROM events WHERE dataset = 'parts'")
        #expect(left > 0)
        #expect(left < 20)
        let second = try await Self.store.get().ingest(Self.chunks(4), into: "parts", content: "a")
        #expect(second.counts.received == 20)
        #expect(second.counts.accepted == 20 - left)
        #expect(second.counts.duplicate == left)
        #expect(
            try await value("SELECT sum(accepted)::int8 FROM ingest_batches WHERE dataset = 'parts'", as: Int.self)
                == 20)
        #expect(
            try await value("SELECT count(DISTINCT row_number) FROM events WHERE dataset = 'parts'", as: Int.self) == 20
        )
    }

    @Test func rowsWithIdsMayFollowRowsWithoutThatSeveralSessionsWrote() async throws {
        try await Self.storeOther("late-ids-0")
        _ = try await Dataset.stored("late-ids")
        let chunks =
            Self.chunks(6) + [
                EventChunk([SampleEvent(time: "2020-01-10T11:00:00Z", id: "x")], firstRow: 31),
                EventChunk([SampleEvent(time: "2020-02-10T11:00:00Z", type: "fire", id: "x")], firstRow: 32),
            ]
        let outcome = try await Self.store.get().ingest(chunks, into: "late-ids", content: "a")
        #expect(outcome.counts.received == 32)
        #expect(outcome.counts.accepted == 31)
        #expect(outcome.counts.duplicate == 1)
        // Replaced and moved rows, together with rows without ids on the days that they leave and enter.
        let moved = Self.chunks(6) + [EventChunk([SampleEvent(time: "2020-01-10T12:00:00Z", id: "x")], firstRow: 31)]
        let second = try await Self.store.get().ingest(moved, into: "late-ids", content: "b")
        #expect(second.counts.received == 31)
        #expect(second.counts.accepted == 31)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'late-ids'", as: Int.self) == 61)
    }
}
