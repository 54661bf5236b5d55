import Domain
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Batches of feeds: their events, checkpoints and counts change together, and a part that comes whole replaces what is
/// held of it.
@Suite(migratedDatabase())
struct FeedBatchTests {
    private struct Failed: Error {}

    /// A dataset of its own with a run of a feed of the same name; the run.
    private static func begin(_ dataset: Slug) async throws -> Int64 {
        _ = try await Dataset.stored(dataset)
        return try await withConnection { connection in
            try await FeedRunStore(TestDatabase.options, sql: try Checkout.sql())
                .begin(dataset, into: dataset, trigger: "a test", lease: nil, on: connection)
        }
    }

    /// Stores rows of a part as one batch.
    @discardableResult
    private static func store(
        _ events: [SampleEvent], letters: [DeadLetter] = [], _ contents: FeedBatch.Contents, run: Int64,
        into dataset: Slug, part: String = "essex/2024-01", state: String = "{}", identity: RowIdentity = .file,
        fails: Bool = false
    ) async throws -> BatchOutcome {
        let batch = FeedBatch(
            run: run, lease: nil, feed: dataset, part: part, url: "https://data.example/${KEY}",
            retrieved: SampleEvent.instant("2024-02-01T10:00:00Z"), version: "v", state: state, contents: contents)
        let upload = IngestStore.Upload(
            dataset: dataset, source: "a source", sha256: String(repeating: "a", count: 64), mapping: "canonical",
            identity: identity, feed: batch)
        return try await IngestStore.ofTheSuite(connections: 3).ingest(upload) { writer in
            if !events.isEmpty || !letters.isEmpty {
                try await writer.write(EventChunk(events, deadLetters: letters))
            }
            if fails { throw Failed() }
        }
    }

    /// The types of the events of a dataset, sorted; tests give each event a type of its own.
    private static func types(_ dataset: Slug) async throws -> String {
        try await value(
            "SELECT coalesce(string_agg(event_type, ' ' ORDER BY event_type), '') FROM events WHERE dataset = $1",
            [dataset])
    }

    private static func counts(_ run: Int64) async throws -> String {
        try await value(
            "SELECT concat_ws(' ', batches, accepted, duplicate, rejected, removed) FROM feed_runs WHERE id = $1",
            [run])
    }

    private static func event(_ type: String, id: String = "", day: Int = 1) -> SampleEvent {
        SampleEvent(time: "2024-01-0\(day)T12:00:00Z", type: type, id: id)
    }

    private static let atOnce = FeedBatch.Contents.whole(isFirst: true, isLast: true)

    @Test func rowsAndCheckpointAreStoredTogetherOrNotAtAll() async throws {
        let run = try await Self.begin("together")
        await #expect(throws: Failed.self) {
            try await Self.store([Self.event("a", id: "1")], .changes, run: run, into: "together", fails: true)
        }
        #expect(try await Self.types("together") == "")
        #expect(try await value("SELECT count(*) FROM feed_checkpoints WHERE dataset = 'together'") == 0)
        #expect(try await Self.counts(run) == "0 0 0 0 0")
        try await Self.store(
            [Self.event("a", id: "1"), Self.event("b")], .changes, run: run, into: "together", state: #"{"next": 7}"#)
        #expect(try await Self.types("together") == "a b")
        #expect(try await Self.counts(run) == "1 2 0 0 0")
        // As it was written, so that a source can compare it.
        #expect(
            try await value("SELECT state FROM feed_checkpoints WHERE dataset = 'together'", as: String.self)
                == #"{"next": 7}"#)
        #expect(
            try await value(
                """
                SELECT concat_ws(' ', feed, feed_part, source_address,
                    to_char(retrieved_at AT TIME ZONE 'UTC', 'HH24:MI'))
                FROM ingest_batches WHERE dataset = 'together' AND state = 'finished'
                """, as: String.self) == "together essex/2024-01 https://data.example/${KEY} 10:00")
    }

    @Test func aRunThatWasTakenForDeadStoresNothing() async throws {
        let run = try await Self.begin("dead")
        try await withConnection { connection in
            try await connection.query("UPDATE feed_runs SET state = 'failed' WHERE id = $1", [run])
        }
        let error = await #expect(throws: StorageError.self) {
            try await Self.store([Self.event("a")], .changes, run: run, into: "dead")
        }
        #expect(error?.code == .conflict)
        #expect(try await Self.types("dead") == "")
    }

    @Test func changesLeaveTheOtherRowsOfAPartAlone() async throws {
        let run = try await Self.begin("changes")
        try await Self.store(
            [Self.event("a", id: "1"), Self.event("b", id: "2")], .changes, run: run, into: "changes")
        try await Self.store(
            [Self.event("c", id: "2"), Self.event("b", id: "2"), Self.event("d", id: "2")], .changes, run: run,
            into: "changes")
        // Of several rows with one id the last one counts.
        #expect(try await Self.types("changes") == "a d")
        #expect(try await Self.counts(run) == "2 3 2 0 0")
    }

    @Test(arguments: [RowIdentity.file, .content]) func aWholePartReplacesItsRowsAndNoOthers(
        _ identity: RowIdentity
    ) async throws {
        let dataset: Slug = identity == .file ? "whole-file" : "whole-content"
        let run = try await Self.begin(dataset)
        func store(_ events: [SampleEvent], part: String = "essex/2024-01") async throws -> BatchOutcome {
            try await Self.store(events, Self.atOnce, run: run, into: dataset, part: part, identity: identity)
        }
        // Two equal rows without an id are two events.
        _ = try await store([Self.event("a", id: "1"), Self.event("b", id: "2"), Self.event("n"), Self.event("n")])
        _ = try await store([Self.event("other", id: "9"), Self.event("n")], part: "kent/2024-01")
        #expect(try await Self.types(dataset) == "a b n n n other")
        let second = try await store(
            [Self.event("a", id: "1"), Self.event("c", id: "3"), Self.event("n"), Self.event("m", day: 3)])
        #expect(try await Self.types(dataset) == "a c m n n other")
        #expect(second.counts.accepted == 2)
        #expect(second.counts.duplicate == 2)
        #expect(second.removed == 2)
        let none = try await store([])
        #expect(none.removed == 4)
        #expect(try await Self.types(dataset) == "n other")
        // The counts by day follow.
        #expect(
            try await value(
                "SELECT sum(k.count)::bigint FROM event_days d CROSS JOIN unnest(d.kinds) k WHERE d.dataset = $1",
                [dataset]) == 2)
        #expect(try await value("SELECT count(*) FROM event_identities WHERE dataset = $1", [dataset]) == 1)
    }

    @Test func aWholePartInSeveralBatchesReplacesItsRowsAtItsEnd() async throws {
        let run = try await Self.begin("pieces")
        func store(_ events: [SampleEvent], first: Bool, last: Bool) async throws {
            try await Self.store(events, .whole(isFirst: first, isLast: last), run: run, into: "pieces")
        }
        try await store([Self.event("a", id: "1"), Self.event("b", id: "2"), Self.event("n")], first: true, last: true)
        try await store([Self.event("b", id: "2"), Self.event("n")], first: true, last: false)
        try await store([Self.event("c", id: "3")], first: false, last: false)
        #expect(try await Self.types("pieces") == "a b c n n")
        // The reading is given up, and another one begins and ends.
        try await store([Self.event("c", id: "3")], first: true, last: false)
        try await store([Self.event("m")], first: false, last: false)
        try await store([], first: false, last: true)
        #expect(try await Self.types("pieces") == "c m")
        #expect(try await value("SELECT count(*) FROM feed_seen") == 0)
    }

    @Test func deadLettersThatComeAgainAreDuplicatesAndThoseOfAWholePartAreReplaced() async throws {
        func letter(_ row: Int64, _ raw: String) -> DeadLetter {
            DeadLetter(rowNumber: row, lineNumber: row, raw: raw, reasonCode: "bad_number", detail: "no number")
        }
        let run = try await Self.begin("letters")
        try await Self.store([], letters: [letter(1, "x"), letter(2, "x")], .changes, run: run, into: "letters")
        let again = try await Self.store(
            [], letters: [letter(1, "x"), letter(2, "x"), letter(3, "x"), letter(4, "y")], .changes, run: run,
            into: "letters")
        #expect(again.counts.rejected == 2)
        #expect(again.counts.duplicate == 2)
        #expect(again.counts.rejects?.byReason == ["bad_number": 2])
        let kept =
            "SELECT count(*) FROM dead_letters l JOIN ingest_batches b ON b.id = l.batch WHERE dataset = 'letters'"
        #expect(try await value(kept) == 4)
        try await Self.store([], letters: [letter(1, "z")], Self.atOnce, run: run, into: "letters")
        #expect(try await value(kept) == 1)
        let figures = try await withConnection { connection in
            try await OperationFigures.load(connection, sql: try Checkout.sql(), datasets: .all, limit: 100)
        }
        #expect(figures.deadLetters["letters"] == 1)
        #expect(figures.feedRows["letters"]?["rejected"] == 5)
    }

    @Test func whatIsForgottenIsReadAnewAndStaysComparable() async throws {
        let run = try await Self.begin("forgotten")
        try await Self.store(
            [Self.event("a", id: "1"), Self.event("b", id: "2")], Self.atOnce, run: run, into: "forgotten")
        let sql = try Checkout.sql()
        let (forgotten, held) = try await withConnection { connection in
            let runs = FeedRunStore(TestDatabase.options, sql: sql)
            let forgotten = try await runs.forget("forgotten", in: "forgotten", on: connection)
            return (
                forgotten, try await FeedRecords(connection, sql: sql).checkpoints(of: "forgotten", in: "forgotten")
            )
        }
        #expect(forgotten == 1)
        #expect(held["essex/2024-01"]?.state == "{}")
        #expect(held["essex/2024-01"]?.version == "")
        let again = try await Self.store([Self.event("a", id: "1")], Self.atOnce, run: run, into: "forgotten")
        #expect(again.removed == 1)
        #expect(try await Self.types("forgotten") == "a")
    }
}
