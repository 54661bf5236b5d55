import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Files that are known by their records although their bytes are different.
@Suite(migratedDatabase())
struct KnownContentTests {
    private static func digest(_ letter: Character) -> [UInt8] { Array(repeating: letter.asciiValue ?? 0, count: 32) }

    /// Ingests a file of some bytes and records as a command does.
    private static func ingest(
        _ events: [SampleEvent], into dataset: Slug, bytes: Character, records: Character
    ) async throws -> BatchOutcome {
        let store = try IngestStore.ofTheSuite(connections: 3)
        return try await store.ingest(.sample(dataset, content: bytes)) { writer in
            if await writer.recognisesFiles, try await writer.knowsStart(digest(records)) {
                try await writer.addKnown(content: digest(records))
            }
            for (number, event) in events.enumerated() {
                try await writer.write(EventChunk([event], firstRow: Int64(number) + 1))
            }
            await writer.end(ContentDigest(start: digest(records), whole: digest(records)), warnings: [])
        }
    }

    private static let twins = [SampleEvent(), SampleEvent(), SampleEvent(type: "fire")]

    @Test func theSameRecordsInOtherBytesAreDuplicates() async throws {
        _ = try await Dataset.stored("packed")
        #expect(try await Self.ingest(Self.twins, into: "packed", bytes: "1", records: "A").counts.accepted == 3)
        for bytes: Character in ["2", "3", "2", "1"] {
            let again = try await Self.ingest(Self.twins, into: "packed", bytes: bytes, records: "A")
            #expect(again.counts.received == 3)
            #expect(again.counts.accepted == 0)
            #expect(again.counts.duplicate == 3)
            #expect(again.warnings.isEmpty)
        }
        // Other records are other events, even if they are equal.
        #expect(try await Self.ingest(Self.twins, into: "packed", bytes: "4", records: "B").counts.accepted == 3)
    }

    @Test func recordsOfAnotherDatasetAreNotKnown() async throws {
        _ = try await Dataset.stored("packed-one")
        _ = try await Dataset.stored("packed-two")
        for dataset: Slug in ["packed-one", "packed-two"] {
            _ = try await Self.ingest([SampleEvent(type: "other")], into: dataset, bytes: "9", records: "Z")
        }
        _ = try await Self.ingest(Self.twins, into: "packed-one", bytes: "1", records: "A")
        #expect(try await Self.ingest(Self.twins, into: "packed-two", bytes: "2", records: "A").counts.accepted == 3)
    }

    /// A batch of an earlier release has no digest. The same bytes give it one.
    @Test func aBatchOfAnEarlierReleaseIsKnownByItsBytesAndThenByItsRecords() async throws {
        _ = try await Dataset.stored("earlier")
        _ = try await Self.ingest(Self.twins, into: "earlier", bytes: "1", records: "A")
        try await withConnection { connection in
            try await connection.execute(
                "UPDATE ingest_batches SET content = NULL, content_start = NULL WHERE dataset = 'earlier'")
        }
        #expect(try await Self.ingest(Self.twins, into: "earlier", bytes: "1", records: "A").counts.duplicate == 3)
        #expect(
            try await value(
                "SELECT count(*) FROM ingest_batches WHERE dataset = 'earlier' AND content IS NOT NULL", as: Int.self)
                == 2)
        #expect(try await Self.ingest(Self.twins, into: "earlier", bytes: "2", records: "A").counts.duplicate == 3)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'earlier'", as: Int.self) == 3)
    }

    /// Such a batch is not known by other bytes before, but the sender is told that its events are there.
    @Test func otherBytesOfABatchOfAnEarlierReleaseAreNoted() async throws {
        _ = try await Dataset.stored("noted")
        _ = try await Self.ingest(Self.twins, into: "noted", bytes: "1", records: "A")
        try await withConnection { connection in
            try await connection.execute(
                "UPDATE ingest_batches SET content = NULL, content_start = NULL WHERE dataset = 'noted'")
        }
        let again = try await Self.ingest(Self.twins, into: "noted", bytes: "2", records: "A")
        #expect(again.counts.accepted == 3)
        #expect(again.warnings.count == 1)
    }

    @Test func aPartKeepsTheDigestOfItsFile() async throws {
        _ = try await Dataset.stored("months")
        _ = try await Self.ingest(Self.twins, into: "months", bytes: "0", records: "0")
        _ = try await Dataset.stored("part")
        let other = SampleEvent(time: "2021-06-02T00:00:00Z", type: "other")
        _ = try await Self.ingest([other], into: "part", bytes: "0", records: "0")
        let events = (0..<9).map { SampleEvent(longitude: Double($0)) }
        let first = try await Self.ingest(events, into: "part", bytes: "1", records: "A")
        // The state after a kill between two commits: one part is stored, and nobody finished the batch.
        try await withConnection { connection in
            try await connection.query(
                """
                DELETE FROM events WHERE batch = $1
                    AND xmin::text = (SELECT max(xmin::text::int8)::text FROM events WHERE batch = $1)
                """, [first.batch])
            try await connection.query(
                "UPDATE ingest_batches SET state = 'failed', finished_at = NULL WHERE id = $1", [first.batch])
        }
        let left: Int = try await value("SELECT count(*) FROM events WHERE batch = $1", [first.batch])
        #expect(left > 0)
        #expect(left < 9)
        let second = try await Self.ingest(events, into: "part", bytes: "2", records: "A")
        #expect(second.counts.accepted == 9 - left)
        #expect(second.counts.duplicate == left)
    }

    @Test func theFirstPartToBeCommittedRecordsTheDigest() async throws {
        _ = try await Dataset.stored("first-part")
        let batch: Int64 = try await value(
            """
            INSERT INTO ingest_batches (dataset, source, sha256, mapping)
            VALUES ('first-part', 'a file', decode(repeat('aa', 32), 'hex'), 'canonical') RETURNING id
            """)
        let connection = try await PostgresConnection(TestDatabase.options)
        try await connection.execute("BEGIN")
        let zone = try #require(ZoneOffsets(identifier: "UTC"))
        try await BatchPart(connection).commit(
            DayTally(zone: zone), KindTable(),
            to: BatchScope(dataset: "first-part", zone: zone, batch: batch, identity: .file),
            content: ContentDigest(start: Self.digest("S"), whole: Self.digest("W")))
        let digests = "SELECT content_start || content FROM ingest_batches WHERE id = $1"
        #expect(
            try await value(digests, [batch], as: [UInt8].self) == Self.digest("S") + Self.digest("W"))
    }

    @Test func aListThatGrowsIsNotedWithTheKeyThatHelps() async throws {
        _ = try await Dataset.stored("grown")
        let first = try await Self.ingest(Self.twins, into: "grown", bytes: "1", records: "A")
        #expect(first.warnings.isEmpty)
        let new = SampleEvent(time: "2021-06-09T00:00:00Z")
        let second = try await Self.ingest(Self.twins + [new], into: "grown", bytes: "2", records: "B")
        #expect(second.counts.accepted == 4)
        #expect(second.warnings.count == 1)
        #expect(second.warnings[0].contains("`identity: content`"))
        let kept = try await withConnection { connection in
            try #require(try await IngestRecords(connection, sql: Checkout.sql()).batch(second.batch))
        }
        #expect(kept.warnings == second.warnings)
        // Mostly new rows are no such list.
        let third = [SampleEvent(), new, new].map { SampleEvent(time: $0.time, longitude: 1) } + [SampleEvent()]
        #expect(try await Self.ingest(third, into: "grown", bytes: "3", records: "C").warnings.isEmpty)
    }
}
