import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The partitions of events. One test after the other, since all of them look at the whole table.
@Suite(migratedDatabase(), .serialized)
struct PartitionTests {
    private static func partitions() async throws -> [String] {
        try await withConnection { connection in
            try await connection.query(
                """
                SELECT extract(epoch FROM range_end - range_start)::bigint / 86400 || ' days from '
                    || to_char(range_start AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                FROM timescaledb_information.chunks WHERE hypertable_name = 'events' ORDER BY range_start
                """
            ).map { try $0.get(0) }
        }
    }

    /// Deletes all events and their partitions.
    private static func clear() async throws {
        try await withConnection { connection in
            try await connection.execute("DELETE FROM events")
            try await PartitionUpkeep.dropEmpty(on: connection)
        }
        #expect(try await partitions() == [])
    }

    private static func ingest(_ times: [String], into dataset: Slug, content: Character = "a") async throws {
        _ = try await Dataset.stored(dataset)
        try await IngestStore.ofTheSuite(connections: 3).ingest(
            [EventChunk(times.map { SampleEvent(time: $0) })], into: dataset, content: content)
    }

    /// 36000 days from 1970-01-01 on are, by Python's datetime, 2068-07-25; the one before begins on 1871-06-09.
    @Test func oldAndFarTimesShareWidePartitions() async throws {
        try await Self.clear()
        try await Self.ingest(
            [
                "1900-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "1970-12-26T23:59:59Z",
                "1970-12-27T00:00:00Z", "2921-01-01T00:00:00Z", "1015-05-17T00:00:00Z",
            ], into: "wide")
        #expect(
            try await Self.partitions() == [
                "36000 days from 0984-05-09", "36000 days from 1871-06-09", "360 days from 1970-01-01",
                "360 days from 1970-12-27", "36000 days from 2857-01-30",
            ])
        // The usual interval of the hypertable is as it was.
        #expect(
            try await value(
                "SELECT extract(days FROM time_interval)::int FROM timescaledb_information.dimensions", as: Int.self)
                == 30)
        // Rows with ids, and rows that are merged, get the same ones.
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(time: "0500-06-01T00:00:00Z", id: "x")])], into: "wide", content: "b")
        #expect(try await Self.partitions().count == 6)
    }

    @Test func timesNearThePresentHaveNarrowPartitions() async throws {
        try await Self.clear()
        let moments: [String] = try await withConnection { connection in
            try await connection.query(
                """
                SELECT to_char(m AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                FROM unnest(ARRAY[now(), now() - interval '700 days', now() + interval '300 days']) AS m
                """
            ).map { try $0.get(0) }
        }
        try await Self.ingest(moments, into: "near")
        #expect(try await Self.partitions().map { $0.prefix(7) } == ["30 days", "30 days", "30 days"])
    }

    @Test func threeCenturiesHaveFewPartitions() async throws {
        try await Self.clear()
        let times = (1700..<2024).flatMap { year in (1...12).map { "\(year)-\($0 < 10 ? "0" : "")\($0)-03T04:05:06Z" } }
        try await Self.ingest(times, into: "long")
        #expect(try await Self.partitions().count < 65)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'long'", as: Int.self) == 12 * 324)
        // Another dataset uses the partitions that are there.
        let before = try await Self.partitions()
        try await Self.ingest(["1850-01-01T00:00:00Z", "2010-05-05T00:00:00Z"], into: "short")
        #expect(try await Self.partitions() == before)
    }

    @Test func aDeletedDatasetLeavesNoPartition() async throws {
        try await Self.clear()
        try await Self.ingest(["2010-05-05T00:00:00Z"], into: "stays")
        try await Self.ingest(["1015-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "2010-05-06T00:00:00Z"], into: "goes")
        #expect(try await Self.partitions().count == 3)
        let deleted = try await DatasetDeletion(TestDatabase.options, sql: Checkout.sql()).delete("goes")
        #expect(deleted.events == 3)
        #expect(try await Self.partitions().count == 1)
        #expect(try await value("SELECT count(*) FROM events", as: Int.self) == 1)
    }

    @Test func eventsOfUnknownDaysAreDeletedWithTheirDataset() async throws {
        try await Self.clear()
        try await Self.ingest(["2010-05-05T00:00:00Z"], into: "by-hand")
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
                VALUES ('by-hand', 'theft', '1999-01-01', 'SRID=4326;POINT(0 0)', 0, 1)
                """)
        }
        #expect(try await DatasetDeletion(TestDatabase.options, sql: Checkout.sql()).delete("by-hand").events == 2)
        #expect(try await Self.partitions() == [])
    }

    @Test func noPartitionIsDroppedWhileAnIngestRuns() async throws {
        try await Self.clear()
        try await Self.ingest(["2010-05-05T00:00:00Z"], into: "emptied")
        _ = try await Dataset.stored("running")
        try await withConnection { try await $0.execute("DELETE FROM events") }
        let store = try IngestStore.ofTheSuite(connections: 3)
        _ = try await store.ingest(.sample("running", content: "a")) { writer in
            let tidied = try await withConnection { try await PartitionUpkeep.run(on: $0) }
            #expect(tidied == PartitionUpkeep.Tidied())
            try await writer.write(EventChunk([SampleEvent(time: "2010-05-06T00:00:00Z")]))
        }
        #expect(try await Self.partitions().count == 1)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'running'", as: Int.self) == 1)
    }

    @Test func aPartitionThatIsReadIsLeftForLater() async throws {
        try await Self.clear()
        try await Self.ingest(["2010-05-05T00:00:00Z"], into: "read")
        try await withConnection { reader in
            try await withConnection { try await $0.execute("DELETE FROM events") }
            try await reader.transaction { reader in
                _ = try await reader.query("SELECT count(*) FROM events")
                let dropped = try await withConnection { try await PartitionUpkeep.dropEmpty(on: $0) }
                #expect(dropped == 0)
            }
            let dropped = try await withConnection { try await PartitionUpkeep.dropEmpty(on: $0) }
            #expect(dropped == 1)
        }
    }

    /// Partitions as an earlier release made them: one for every month.
    private static func ingestByMonths(_ times: [String], into dataset: Slug) async throws {
        let usual: String = try await value("SELECT pg_get_functiondef('event_partition_width'::regproc)")
        try await withConnection { connection in
            try await connection.execute(
                """
                CREATE OR REPLACE FUNCTION event_partition_width(moment timestamptz) RETURNS interval
                    LANGUAGE sql STABLE RETURN interval '30 days'
                """)
        }
        try await ingest(times, into: dataset)
        try await withConnection { try await $0.execute(usual) }
    }

    @Test func narrowPartitionsOfOldTimesAreMergedAndEveryRowStays() async throws {
        try await Self.clear()
        let times = (1960..<1984).flatMap { year in (1...12).map { "\(year)-\($0 < 10 ? "0" : "")\($0)-03T04:05:06Z" } }
        try await Self.ingestByMonths(times, into: "months")
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(time: times[100], type: "fire", id: "x")])], into: "months", content: "b")
        #expect(try await Self.partitions().count > 280)
        let rows = """
            SELECT md5(string_agg(e::text, ' ' ORDER BY sequence)) || (SELECT sum(version) FROM event_days)
            FROM events e
            """
        let before: String = try await value(rows)
        let done = try await withConnection { try await PartitionUpkeep.run(on: $0) }
        #expect(done.merged > 260)
        #expect(try await Self.partitions().count < 17)
        #expect(try await Self.partitions().first == "36000 days from 1871-06-09")
        #expect(try await value(rows) == before)
        // The event with an id is found in its new place.
        let again = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(time: times[100], type: "fire", id: "x")])], into: "months", content: "c")
        #expect(again.counts.accepted == 0)
        #expect(again.counts.duplicate == 1)
        let left = try await withConnection { try await PartitionUpkeep.run(on: $0) }
        #expect(left == PartitionUpkeep.Tidied())
        let indexes = """
            SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            WHERE c.oid = (SELECT format('%I.%I', chunk_schema, chunk_name)::regclass
                FROM timescaledb_information.chunks ORDER BY range_start LIMIT 1)
            """
        #expect(try await value(indexes, as: Int.self) == 3)
    }

    @Test func fullPartitionsAreNotMerged() async throws {
        try await Self.clear()
        try await Self.ingestByMonths(["1980-01-03T00:00:00Z", "1980-03-03T00:00:00Z"], into: "full")
        #expect(try await value("SELECT merge_event_partitions(8191)", as: Int64.self) == 0)
        #expect(try await value("SELECT merge_event_partitions(16384)", as: Int64.self) == 1)
    }
}
