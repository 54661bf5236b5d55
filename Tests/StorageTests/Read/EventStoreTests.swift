import Domain
import TestDatabase
import TestDomain
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
    private static func events(
        limit: Int = 100, _ change: (inout EventQuery) -> Void = { _ in }
    ) async throws -> [StoredEvent] {
        var query = EventQuery(FeatureSelection("events"))
        change(&query)
        return try await page(query, PageRequest(limit: limit)).rows
    }

    private static func page(
        _ query: EventQuery, _ page: PageRequest<StoredEvent>
    ) async throws -> Page<StoredEvent> {
        try await withReaders { try await EventStore($0, sql: Checkout.sql()).events(query, page) }
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
        #expect(try await Self.events { $0.selection.dataset = "unknown" }.isEmpty)
    }

    @Test(arguments: [1, 2, 4, 6])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        var joined: [StoredEvent] = []
        var page = PageRequest<StoredEvent>(limit: limit)
        repeat {
            let found = try await Self.page(EventQuery(FeatureSelection("events")), page)
            #expect(found.rows.count <= limit)
            joined += found.rows
            page.after = found.next
        } while page.after != nil
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
        #expect(try await Self.longitudes { $0.eventTypes = ["fire"] } == [-79.5])
        #expect(try await Self.longitudes { $0.eventTypes = ["Théft"] } == [0])
        #expect(try await Self.longitudes { $0.eventTypes = ["THEFT"] } == [])
    }

    /// West, south, east and north of a box, and the samples inside it.
    private static let boxes: [([Double], Set<Double>)] = [
        ([-80, 43, -79, 44], [-79, -79.5]), ([-80, 43.2, -79, 44], [-79.5]), ([0, 0, 0, 0], [0]),
        ([179, -18, -179, -16], [179.5, -179.5]), ([165, -18, 180, -16], [179.5, 170]), ([179, -10, -179, 0], []),
    ]

    @Test(arguments: boxes)
    func aBoxMayCrossTheAntimeridian(_ sides: [Double], _ expected: Set<Double>) async throws {
        let box = try #require(BoundingBox(west: sides[0], south: sides[1], east: sides[2], north: sides[3]))
        #expect(try await Self.longitudes { $0.selection.bounds = box } == expected)
    }

    @Test func filtersJoin() async throws {
        let box = BoundingBox(west: 160, south: -20, east: -160, north: 0)
        let midnight = SampleEvent.instant("2021-06-02T00:00:00Z")
        let found = try await Self.events(limit: 2) {
            $0.selection.bounds = box
            $0.from = midnight
            $0.eventTypes = ["theft"]
        }
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.cursor.timestamp == midnight })
    }

    /// A triangle around the first two samples, and one that excludes the second although it lies in the bounding box.
    @Test func anAreaIsMoreThanItsBox() async throws {
        func longitudes(_ corners: [(Double, Double)]) async throws -> Set<Double> {
            let ring = (corners + [corners[0]]).map { DrawnPolygon.Position(longitude: $0.0, latitude: $0.1) }
            return try await Self.longitudes { $0.selection.polygon = DrawnPolygon(polygons: [[ring]]) }
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
        var page = PageRequest<StoredEvent>(limit: 100)
        repeat {
            let asked = page
            let found = try await withReaders {
                try await EventStore($0, sql: Checkout.sql()).events(EventQuery(FeatureSelection("long")), asked)
            }
            sizes.append(found.rows.count)
            joined += found.rows.map(\.longitude)
            page.after = found.next
        } while page.after != nil
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
        var query = EventCountQuery(FeatureSelection("counted"))
        change(&query)
        return try await page(query, PageRequest(limit: 100)).rows
    }

    private static func page(
        _ query: EventCountQuery, _ page: PageRequest<EventCount>
    ) async throws -> Page<EventCount> {
        try await withReaders { try await EventStore($0, sql: Checkout.sql()).counts(query, page) }
    }

    private static func texts(_ counts: [EventCount]) -> [String] {
        counts.map { "\($0.day) \($0.eventType) \($0.count)" }
    }

    @Test func daysAndTypesAreCountedInTheirOrder() async throws {
        #expect(Self.texts(try await Self.counts()) == Self.all)
        #expect(try await Self.counts { $0.selection.dataset = "unknown" }.isEmpty)
    }

    @Test(arguments: [1, 2, 3])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        var joined: [EventCount] = []
        var page = PageRequest<EventCount>(limit: limit)
        repeat {
            let found = try await Self.page(EventCountQuery(FeatureSelection("counted")), page)
            #expect(found.rows.count <= limit)
            joined += found.rows
            page.after = found.next
        } while page.after != nil
        #expect(Self.texts(joined) == Self.all)
    }

    @Test func whatIsCountedIsChosen() async throws {
        let first = try #require(LocalDay("2021-06-01"))
        #expect(Self.texts(try await Self.counts { $0.days = first...first }) == Array(Self.all[1...2]))
        #expect(Self.texts(try await Self.counts { $0.eventTypes = ["b"] }) == [Self.all[2]])
        #expect(Self.texts(try await Self.counts { $0.eventTypes = ["é", "b"] }) == Array(Self.all[2...3]))
        let box = BoundingBox(west: 0, south: 0, east: 20, north: 80)
        #expect(Self.texts(try await Self.counts { $0.selection.bounds = box }) == [Self.all[1]])
    }

    @Test func typesAreListedWithTheirFirstAndLastDay() async throws {
        var types: [EventType] = []
        var page = PageRequest<EventType>(limit: 2)
        repeat {
            let asked = page
            let found = try await withReaders {
                try await EventStore($0, sql: Checkout.sql()).types(of: "counted", .exact, asked)
            }
            types += found.rows
            page.after = found.next
        } while page.after != nil
        #expect(
            types.map { "\($0.name) \($0.count) \($0.days.lowerBound) \($0.days.upperBound)" } == [
                "B 1 2021-06-01 2021-06-01", "a 1 2021-05-31 2021-05-31", "b 2 2021-06-01 2021-06-01",
                "é 1 2021-06-02 2021-06-02",
            ])
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
            let after = day.flatMap { LocalDay($0) }.map { EventCountCursor(day: $0, eventType: "theft") }
            let page = try await withReaders {
                try await EventStore($0, sql: Checkout.sql()).counts(
                    EventCountQuery(FeatureSelection("spread")), PageRequest(after: after, limit: limit))
            }
            #expect(page.rows.map(\.day.description) == Array(Self.all.dropFirst(index).prefix(limit)))
            #expect((page.next != nil) == (Self.all.count - index > limit))
        }
    }

    @Test func theEndsOfTheIntervalAreKept() async throws {
        let days = try #require(LocalDay("2020-01-31"))...#require(LocalDay("2021-02-01"))
        let query = EventCountQuery(FeatureSelection("spread"), days: days)
        let page = try await withReaders {
            try await EventStore($0, sql: Checkout.sql()).counts(query, PageRequest(limit: 100))
        }
        #expect(page.rows.map(\.day.description) == Array(Self.all[1...5]))
    }
}
