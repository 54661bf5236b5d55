import Domain
import TestDatabase
import TestStorage
import Testing

@testable import Storage

private let samples = [
    SampleEvent(time: "2021-06-01T00:00:00Z", longitude: -79, latitude: 43, type: "theft", id: "a"),
    SampleEvent(time: "2021-06-01T10:00:00Z", longitude: -79.5, latitude: 43.5, type: "fire"),
    // Three events at one instant: a page may end between them.
    SampleEvent(time: "2021-06-02T00:00:00Z", longitude: 179.5, latitude: -17, type: "theft"),
    SampleEvent(time: "2021-06-02T00:00:00Z", longitude: -179.5, latitude: -17, type: "theft"),
    SampleEvent(time: "2021-06-02T00:00:00Z", longitude: 170, latitude: -17, type: "theft"),
    SampleEvent(
        time: "2021-07-01T00:00:00Z", longitude: 0, latitude: 0, type: "Théft", attributes: #"{"n": 1, "s": "é"}"#),
]

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("events")
        _ = try await Dataset.stored("other")
        let store = try IngestStore.ofTheSuite()
        // Stored in another order than that of time.
        try await store.ingest([EventChunk(samples.reversed())], into: "events", content: "a")
        try await store.ingest([EventChunk([SampleEvent(type: "other")])], into: "other", content: "a")
    })
struct EventStoreTests {
    private static func events(_ change: (inout EventQuery) -> Void = { _ in }) async throws -> [StoredEvent] {
        var query = EventQuery(dataset: "events", limit: 100)
        change(&query)
        let asked = query
        return try await withReaders { try await EventStore($0, sql: Checkout.sql()).events(asked) }
    }

    /// The longitudes identify the samples.
    private static func longitudes(_ change: (inout EventQuery) -> Void) async throws -> Set<Double> {
        Set(try await events(change).map(\.longitude))
    }

    @Test func everythingComesInTheOrderOfTimeAsItWasStored() async throws {
        let events = try await Self.events()
        #expect(events.map(\.cursor.timestamp) == samples.map(\.instant))
        #expect(events[0].eventID == "a")
        #expect(events[0].eventType == "theft")
        #expect(events[0].attributes == "{}")
        #expect(events[1].eventID == nil)
        #expect(events[1].longitude == -79.5)
        #expect(events[1].latitude == 43.5)
        #expect(events[5].eventType == "Théft")
        #expect(events[5].attributes == #"{"n": 1, "s": "é"}"#)
        #expect(try await Self.events { $0.dataset = "unknown" }.isEmpty)
    }

    @Test(arguments: [1, 2, 4, 6])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        var joined: [StoredEvent] = []
        while true {
            let page = try await Self.events {
                $0.limit = limit
                $0.after = joined.last?.cursor
            }
            #expect(page.count <= limit)
            if page.isEmpty { break }
            joined += page
        }
        #expect(joined == (try await Self.events()))
    }

    @Test func timesAreFromInclusiveToExclusive() async throws {
        let noon = SampleEvent.instant("2021-06-01T10:00:00Z")
        let midnight = SampleEvent.instant("2021-06-02T00:00:00Z")
        #expect(
            try await Self.longitudes {
                $0.from = noon
                $0.to = midnight
            } == [-79.5])
        #expect(
            try await Self.longitudes {
                $0.from = midnight
                $0.to = midnight + .microseconds(1)
            } == [179.5, -179.5, 170])
        #expect(try await Self.longitudes { $0.to = noon } == [-79])
        #expect(try await Self.longitudes { $0.from = midnight + .microseconds(1) } == [0])
    }

    @Test func typesAreExact() async throws {
        #expect(try await Self.longitudes { $0.eventType = "fire" } == [-79.5])
        #expect(try await Self.longitudes { $0.eventType = "Théft" } == [0])
        #expect(try await Self.longitudes { $0.eventType = "THEFT" } == [])
    }

    /// West, south, east and north of a box, and the samples inside it.
    private static let boxes: [([Double], Set<Double>)] = [
        ([-80, 43, -79, 44], [-79, -79.5]), ([-80, 43.2, -79, 44], [-79.5]), ([0, 0, 0, 0], [0]),
        ([179, -18, -179, -16], [179.5, -179.5]), ([165, -18, 180, -16], [179.5, 170]), ([179, -10, -179, 0], []),
    ]

    @Test(arguments: boxes)
    func aBoxMayCrossTheAntimeridian(_ sides: [Double], _ expected: Set<Double>) async throws {
        let box = try #require(BoundingBox(west: sides[0], south: sides[1], east: sides[2], north: sides[3]))
        #expect(try await Self.longitudes { $0.bounds = box } == expected)
    }

    @Test func filtersJoin() async throws {
        let box = BoundingBox(west: 160, south: -20, east: -160, north: 0)
        let midnight = SampleEvent.instant("2021-06-02T00:00:00Z")
        let found = try await Self.events {
            $0.bounds = box
            $0.from = midnight
            $0.eventType = "theft"
            $0.limit = 2
        }
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.cursor.timestamp == midnight })
    }

    /// A triangle around the first two samples, and one that excludes the second although it lies in the bounding box.
    @Test func anAreaIsMoreThanItsBox() async throws {
        func longitudes(_ corners: [(Double, Double)]) async throws -> Set<Double> {
            let ring = (corners + [corners[0]]).map { DrawnPolygon.Position(longitude: $0.0, latitude: $0.1) }
            return try await Self.longitudes { $0.polygon = DrawnPolygon(polygons: [[ring]]) }
        }
        #expect(try await longitudes([(-81, 42), (-78, 42), (-78, 46)]) == [-79, -79.5])
        #expect(try await longitudes([(-80, 42), (-78, 42), (-78.5, 44)]) == [-79])
    }
}

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("long")
        let text = String(repeating: "x", count: 900_000)
        let events = (0..<12).map { number in
            SampleEvent(longitude: Double(number), attributes: #"{"n": \#(number), "text": "\#(text)"}"#)
        }
        // Months later, where a page looks only if the weeks after its start do not fill it.
        let last = SampleEvent(time: "2021-10-01T12:00:00Z", longitude: 12)
        try await IngestStore.ofTheSuite().ingest([EventChunk(events + [last])], into: "long", content: "a")
    })
struct LongEventTests {
    /// Twelve events of almost a megabyte are not read at once, although a page may have a hundred.
    @Test func aPageEndsWhereItsEventsAreLong() async throws {
        var sizes: [Int] = []
        var joined: [Double] = []
        var after: EventCursor?
        while true {
            let query = EventQuery(dataset: "long", after: after, limit: 100)
            let page = try await withReaders { try await EventStore($0, sql: Checkout.sql()).events(query) }
            if page.isEmpty { break }
            sizes.append(page.count)
            joined += page.map(\.longitude)
            after = page.last?.cursor
        }
        // Four megabytes, and the event that exceeds them.
        #expect(sizes == [5, 5, 3])
        #expect(joined == (0..<13).map(Double.init))
    }
}

/// Days are those of the dataset's time zone, four hours behind UTC in June.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("counted", timeZone: "America/Toronto")
        let events = [
            ("2021-06-01T03:59:59Z", "a"), ("2021-06-01T04:00:00Z", "b"), ("2021-06-01T12:00:00Z", "B"),
            ("2021-06-02T03:59:59Z", "b"), ("2021-06-02T04:00:00Z", "é"),
        ]
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk(events.map { SampleEvent(time: $0.0, longitude: $0.1 == "B" ? 10 : -79, type: $0.1) })],
            into: "counted", content: "a")
    })
struct EventCountTests {
    private static let all = [
        "2021-05-31 a 1", "2021-06-01 B 1", "2021-06-01 b 2", "2021-06-02 é 1",
    ]

    private static func counts(_ change: (inout EventCountQuery) -> Void = { _ in }) async throws -> [EventCount] {
        var query = EventCountQuery(dataset: "counted", limit: 100)
        change(&query)
        let asked = query
        return try await withReaders { try await EventStore($0, sql: Checkout.sql()).counts(asked) }
    }

    private static func texts(_ counts: [EventCount]) -> [String] {
        counts.map { "\($0.day) \($0.eventType) \($0.count)" }
    }

    @Test func daysAndTypesAreCountedInTheirOrder() async throws {
        #expect(Self.texts(try await Self.counts()) == Self.all)
        #expect(try await Self.counts { $0.dataset = "unknown" }.isEmpty)
    }

    @Test(arguments: [1, 2, 3])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        var joined: [EventCount] = []
        while true {
            let page = try await Self.counts {
                $0.limit = limit
                $0.after = joined.last.map { EventCountCursor(day: $0.day, eventType: $0.eventType) }
            }
            if page.isEmpty { break }
            joined += page
        }
        #expect(Self.texts(joined) == Self.all)
    }

    @Test func whatIsCountedIsChosen() async throws {
        let first = LocalDay("2021-06-01")
        #expect(
            Self.texts(
                try await Self.counts {
                    $0.from = first
                    $0.to = first
                }) == Array(Self.all[1...2]))
        #expect(Self.texts(try await Self.counts { $0.eventType = "b" }) == [Self.all[2]])
        let box = BoundingBox(west: 0, south: 0, east: 20, north: 80)
        #expect(Self.texts(try await Self.counts { $0.bounds = box }) == [Self.all[1]])
    }
}

/// Counts of days within a month of the first, within a year after that, and far behind.
@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("spread", timeZone: "UTC")
        let days = ["2020-01-01", "2020-01-31", "2020-02-01", "2020-06-15", "2021-01-31", "2021-02-01", "2024-02-29"]
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk(days.map { SampleEvent(time: "\($0)T12:00:00Z", longitude: -79, type: "theft") })],
            into: "spread", content: "a")
    })
struct SpreadEventCountTests {
    private static let all = [
        "2020-01-01", "2020-01-31", "2020-02-01", "2020-06-15", "2021-01-31", "2021-02-01", "2024-02-29",
    ]

    @Test(arguments: 1...8)
    func aPageHasItsCountsHoweverFarApartTheyLie(_ limit: Int) async throws {
        for (index, day) in ([nil] + Self.all).enumerated() {
            var query = EventCountQuery(dataset: "spread", limit: limit)
            query.after = day.flatMap { LocalDay($0) }.map { EventCountCursor(day: $0, eventType: "theft") }
            let asked = query
            let page = try await withReaders { try await EventStore($0, sql: Checkout.sql()).counts(asked) }
            #expect(page.map(\.day.description) == Array(Self.all.dropFirst(index).prefix(limit)))
        }
    }

    @Test func theEndsOfTheIntervalAreKept() async throws {
        var query = EventCountQuery(dataset: "spread", limit: 100)
        (query.from, query.to) = (LocalDay("2020-01-31"), LocalDay("2021-02-01"))
        let asked = query
        let page = try await withReaders { try await EventStore($0, sql: Checkout.sql()).counts(asked) }
        #expect(page.map(\.day.description) == Array(Self.all[1...5]))
    }
}
