import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Counts by day and type as they are stored, against those of the events.
@Suite(migratedDatabase())
struct CountedDaysTests {
    private static let world = BoundingBox(west: -180, south: -90, east: 180, north: 90)

    /// The counts of a dataset as a list of all pages of some length.
    private static func counts(
        _ dataset: Slug, limit: Int = 1000, ofEvents: Bool = false,
        _ change: (inout EventCountQuery) -> Void = { _ in }
    ) async throws -> [EventCount] {
        var query = EventCountQuery(FeatureSelection(dataset, bounds: ofEvents ? world : nil))
        change(&query)
        let asked = query
        return try await withReaders { pool in
            let store = EventStore(pool, sql: try Checkout.sql())
            var page = PageRequest<EventCount>(limit: limit)
            var all: [EventCount] = []
            repeat {
                let found = try await store.counts(asked, page)
                all += found.rows
                page.after = found.next
            } while page.after != nil
            return all
        }
    }

    /// Checks that stored counts are those of the events, whole and in pages.
    private static func check(_ dataset: Slug, uncounted: Int) async throws {
        let stored = try await counts(dataset)
        #expect(try await counts(dataset, ofEvents: true) == stored)
        #expect(try await counts(dataset, limit: 1) == stored)
        #expect(try await counts(dataset, limit: 3) == stored)
        let behind = "SELECT count(*) FROM event_days WHERE dataset = $1 AND counted IS DISTINCT FROM version"
        #expect(try await value(behind, [dataset], as: Int.self) == uncounted)
    }

    private static func texts(_ counts: [EventCount]) -> [String] {
        counts.map { "\($0.day) \($0.eventType) \($0.count)" }
    }

    private static func chunk(_ events: [(String, String)], firstRow: Int64 = 1) -> EventChunk {
        EventChunk(events.map { SampleEvent(time: $0.0, type: $0.1) }, firstRow: firstRow)
    }

    /// Local time in Toronto is 4 hours behind UTC in June; the clocks go back on 2021-11-07.
    private static let toronto = [
        ("2021-06-01T03:59:59Z", "b"), ("2021-06-01T04:00:00Z", "é"), ("2021-06-01T05:00:00Z", "B"),
        ("2021-06-02T03:59:59Z", "é"), ("2021-11-07T03:59:59Z", "b"), ("2021-11-07T05:30:00Z", "b"),
        ("2021-11-07T06:30:00Z", "b"), ("2021-11-08T04:59:59Z", "b"), ("2021-11-08T05:00:00Z", "b"),
    ]
    private static let expected = [
        "2021-05-31 b 1", "2021-06-01 B 1", "2021-06-01 é 2", "2021-11-06 b 1", "2021-11-07 b 3", "2021-11-08 b 1",
    ]

    @Test func anIngestCountsWhatEachOfItsPartsWrites() async throws {
        let store = try IngestStore.ofTheSuite(connections: 3)
        _ = try await Dataset.stored("parts-0", timeZone: "America/Toronto")
        try await store.ingest([Self.chunk(Self.toronto)], into: "parts-0", content: "0")
        _ = try await Dataset.stored("parts", timeZone: "America/Toronto")
        let chunks = (0..<6).map { Self.chunk(Self.toronto, firstRow: $0 * 9 + 1) }
        try await store.ingest(chunks, into: "parts", content: "a")
        let connections = "SELECT count(DISTINCT xmin::text) FROM events WHERE dataset = 'parts'"
        #expect(try await value(connections, as: Int.self) == 3)
        #expect(
            Self.texts(try await Self.counts("parts")) == [
                "2021-05-31 b 6", "2021-06-01 B 6", "2021-06-01 é 12", "2021-11-06 b 6", "2021-11-07 b 18",
                "2021-11-08 b 6",
            ])
        try await Self.check("parts", uncounted: 0)
        try await store.ingest([Self.chunk(Self.toronto)], into: "parts", content: "b")
        try await Self.check("parts", uncounted: 0)
    }

    @Test func chosenDaysAndTypesAreThose() async throws {
        _ = try await Dataset.stored("chosen", timeZone: "America/Toronto")
        try await IngestStore.ofTheSuite().ingest([Self.chunk(Self.toronto)], into: "chosen", content: "a")
        for (from, to, type) in [
            ("2021-06-01", "2021-06-01", nil), ("2021-06-01", nil, nil), (nil, "2021-06-01", "é"), (nil, nil, "b"),
            (nil, nil, "none"), ("2022-01-01", nil, nil),
        ] as [(String?, String?, String?)] {
            func chosen(_ query: inout EventCountQuery) {
                let first = from.flatMap { LocalDay($0) } ?? .earliest
                let last = to.flatMap { LocalDay($0) } ?? .latest
                query.days = first...last
                query.eventTypes = type.map { [$0] } ?? []
            }
            let stored = try await Self.counts("chosen", limit: 2, chosen)
            #expect(stored == (try await Self.counts("chosen", ofEvents: true, chosen)))
            let lines = Self.expected.filter { line in
                let words = line.split(separator: " ").map(String.init)
                return words[0] >= from ?? "" && words[0] <= to ?? "9" && words[1] == type ?? words[1]
            }
            #expect(Self.texts(stored) == lines)
        }
    }

    @Test func replacedMergedAndDeletedRowsAreCounted() async throws {
        _ = try await Dataset.stored("changed", timeZone: "America/Toronto")
        let store = try IngestStore.ofTheSuite()
        let ids = [
            SampleEvent(time: "2021-06-01T12:00:00Z", id: "x"), SampleEvent(time: "2021-06-01T12:00:00Z", id: "y"),
        ]
        try await store.ingest([EventChunk(ids), Self.chunk(Self.toronto, firstRow: 3)], into: "changed", content: "a")
        try await Self.check("changed", uncounted: 0)
        // One moves to another day, one to another type, and one row is there twice.
        let newer = [
            SampleEvent(time: "2019-01-01T12:00:00Z", id: "x"),
            SampleEvent(time: "2021-06-01T12:00:00Z", type: "é", id: "y"),
        ]
        try await store.ingest([EventChunk(newer)], into: "changed", content: "b")
        try await Self.check("changed", uncounted: 0)
        #expect(Self.texts(try await Self.counts("changed")).prefix(1) == ["2019-01-01 theft 1"])
        _ = try await store.ingest(.sample("changed", content: "c", identity: .content)) { writer in
            try await writer.write(Self.chunk(Self.toronto + Self.toronto.prefix(2)))
        }
        try await Self.check("changed", uncounted: 0)
        try await withConnection { connection in
            try await connection.execute(
                "DELETE FROM events WHERE dataset = 'changed' AND event_type IN ('b', 'theft')")
        }
        try await Self.check("changed", uncounted: 0)
        #expect(Set(try await Self.counts("changed").map(\.eventType)) == ["B", "é"])
        try await withConnection { connection in
            try await connection.execute(
                "UPDATE events SET event_type = 'z' WHERE dataset = 'changed' AND event_type = 'B'")
        }
        try await Self.check("changed", uncounted: 0)
        let changed = "SELECT count(*) FROM events WHERE dataset = 'changed' AND event_type = 'z'"
        #expect(try await value(changed, as: Int.self) == 1)
    }

    @Test func anotherZoneCountsOtherDays() async throws {
        _ = try await Dataset.stored("moved", timeZone: "America/Toronto")
        try await IngestStore.ofTheSuite().ingest([Self.chunk(Self.toronto)], into: "moved", content: "a")
        _ = try await Dataset.stored("moved", timeZone: "Pacific/Kiritimati")
        try await Self.check("moved", uncounted: 0)
        #expect(Self.texts(try await Self.counts("moved")).first == "2021-06-01 B 1")
    }

    /// An earlier release renews the version of a day and does not count.
    @Test func daysThatAreNotCountedAreCountedFromTheirEvents() async throws {
        _ = try await Dataset.stored("behind")
        let days = (1...28).flatMap { day in
            (1...3).map { month in ("2021-0\(month)-\(day < 10 ? "0" : "")\(day)T12:00:00Z", day % 3 == 0 ? "a" : "b") }
        }
        try await IngestStore.ofTheSuite().ingest([Self.chunk(days)], into: "behind", content: "a")
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
                SELECT 'behind', 'c', day, 'SRID=4326;POINT(0 0)', 0, 1
                FROM generate_series('2021-01-20T00:00Z'::timestamptz, '2021-03-05T00:00Z', '1 day') AS day
                UNION ALL SELECT 'behind', 'c', '2022-01-01T00:00Z', 'SRID=4326;POINT(0 0)', 0, 1;
                SELECT mark_event_days('behind', array_agg(event_timestamp)) FROM events WHERE event_type = 'c';
                """)
        }
        // 20 January to 5 March are 45 days.
        try await Self.check("behind", uncounted: 46)
        #expect(try await Self.counts("behind").filter { $0.eventType == "c" }.count == 46)
        // Rows that come now are not counted on such days, and are on others.
        try await IngestStore.ofTheSuite().ingest(
            [Self.chunk([("2021-01-25T01:00:00Z", "d"), ("2021-03-20T01:00:00Z", "d")])], into: "behind", content: "b")
        try await Self.check("behind", uncounted: 46)
        let dataset = try await withConnection { try await DatasetStore($0, sql: Checkout.sql()).dataset("behind") }
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            ScoringRun.Request(dataset: dataset, resolutions: [7]))
        try await Self.check("behind", uncounted: 0)
    }

    /// Rows whose day this process does not know as the database does.
    @Test func countsOfOtherDaysThanTheDatabasesAreNotBelieved() async throws {
        _ = try await Dataset.stored("believed", timeZone: "America/Toronto")
        let utc = try #require(ZoneOffsets(identifier: "UTC"))
        var tally = DayTally(zone: utc)
        var kinds = KindTable()
        for (time, kind) in [
            ("2021-06-01T03:00:00Z", "a"), ("2021-06-01T05:00:00Z", "a"), ("2021-06-09T12:00:00Z", "b"),
        ] {
            tally.add(SampleEvent.instant(time), kind: kinds.number(of: Array(kind.utf8)[...]))
        }
        let (rows, types) = (tally, kinds)
        try await withConnection { try await rows.store("believed", types, on: $0) }
        let days = """
            SELECT string_agg(day || ' ' || (counted IS NOT DISTINCT FROM version), ', ' ORDER BY day)
            FROM event_days WHERE dataset = 'believed'
            """
        #expect(try await value(days) == "2021-05-31 false, 2021-06-01 false, 2021-06-09 true")
    }

    @Test func rowsThatNobodyCountedMakeNoNegativeCounts() async throws {
        _ = try await Dataset.stored("uncounted")
        try await IngestStore.ofTheSuite().ingest(
            [Self.chunk([("2021-06-01T12:00:00Z", "a")])], into: "uncounted", content: "a")
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
                SELECT 'uncounted', 'b', day, 'SRID=4326;POINT(0 0)', 0, 1
                FROM unnest(ARRAY['2021-06-01T00:00Z', '2021-06-02T00:00Z', '2021-06-02T01:00Z']::timestamptz[]) AS day;
                DELETE FROM events
                WHERE dataset = 'uncounted' AND event_timestamp IN ('2021-06-01T00:00Z', '2021-06-02T00:00Z');
                """)
        }
        #expect(Self.texts(try await Self.counts("uncounted")) == ["2021-06-01 a 1", "2021-06-02 b 1"])
    }

    /// Havana's clocks went back over midnight on 2020-11-01, Lord Howe's go by half an hour, and Amsterdam's were 19
    /// minutes and 32 seconds ahead.
    @Test(arguments: [
        "America/Havana", "Australia/Lord_Howe", "Europe/Amsterdam", "America/St_Johns", "Asia/Kathmandu",
    ])
    func daysOfUnusualZonesAreCountedAsTheDatabaseDoes(_ zone: String) async throws {
        let dataset = try #require(Slug(zone.lowercased().replacing("/", with: "-")))
        _ = try await Dataset.stored(dataset, timeZone: zone)
        let starts = ["1890-03-01", "1936-06-30", "1988-04-02", "2020-10-31", "2101-07-01", "2921-07-01"]
        let times: [Instant] = starts.flatMap { start in
            (0..<200).map { minute in
                SampleEvent.instant("\(start)T00:00:00Z") + .seconds(minute * 17 * 60 + 31)
            }
        }
        var chunk = EventChunk(times.map { _ in SampleEvent() })
        chunk.timestamps = times
        try await IngestStore.ofTheSuite().ingest([chunk], into: dataset, content: "a")
        let stored = try await Self.counts(dataset)
        #expect(stored.reduce(0) { $0 + $1.count } == times.count)
        #expect(try await Self.counts(dataset, ofEvents: true) == stored)
    }
}
