import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

private let samples = [
    SampleEvent(time: "2021-06-01T00:00:00Z", longitude: 1, latitude: 1, type: "theft", id: "a"),
    SampleEvent(time: "2021-06-02T00:00:00Z", longitude: 2, latitude: 2, type: "Theft"),
    SampleEvent(time: "2021-06-03T00:00:00Z", longitude: 3, latitude: 3, type: "it's; DROP TABLE events"),
    SampleEvent(time: "2021-06-04T00:00:00Z", longitude: 4, latitude: 4, type: "100%", id: "b"),
]
private let cells = [1.0, 2, 3].compactMap { try? H3Cell(latitude: 1, longitude: $0, resolution: 7) }

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("filtered")
        try await IngestStore.ofTheSuite().ingest([EventChunk(samples)], into: "filtered", content: "a")
        try await [
            RiskRow.sample(cells[0], "2021-06-01", count: 1, score: 5),
            .sample(cells[1], "2021-06-01", count: 2, score: 60, flagged: true),
            .sample(cells[2], "2021-06-02", count: 3, score: 90),
        ].serve("filtered")
    })
struct FilterTests {
    private static func moment(_ day: String) -> FeatureFilter.Value {
        .instant(SampleEvent.instant("2021-06-\(day)T00:00:00Z"))
    }

    private static let square = DrawnPolygon(polygons: [
        [[(1.5, 1.5), (3.5, 1.5), (3.5, 3.5), (1.5, 3.5), (1.5, 1.5)].map { .init(longitude: $0.0, latitude: $0.1) }]
    ])

    /// Filters, and the longitudes of the samples that they match.
    private static let filters: [(FeatureFilter, [Double])] = [
        (.constant(true), [1, 2, 3, 4]), (.constant(false), []),
        (.compare("event_type", .equal, .text("theft")), [1]),
        (.compare("event_type", .unequal, .text("theft")), [2, 3, 4]),
        (.compare("event_type", .less, .text("a")), [2, 4]), (.like("event_type", pattern: "_heft"), [1, 2]),
        (.like("event_type", pattern: "100\\%"), [4]),
        (.compare("event_type", .equal, .text("it's; DROP TABLE events")), [3]),
        (.isNull("event_id"), [2, 3]), (.not(.isNull("event_id")), [1, 4]),
        (.among("event_id", [.text("a"), .text("b"), .text("c")]), [1, 4]),
        (.compare("event_timestamp", .atLeast, moment("03")), [3, 4]),
        (.between("event_timestamp", moment("02"), moment("03")), [2, 3]),
        (.compare("longitude", .greater, .number(2.5)), [3, 4]), (.intersects(.polygon(square)), [2, 3]),
        (.intersects(.point(.init(longitude: 4, latitude: 4))), [4]),
        (.or([.compare("longitude", .equal, .number(1)), .not(.compare("latitude", .less, .number(4)))]), [1, 4]),
        (.and([.compare("longitude", .greater, .number(1)), .compare("latitude", .less, .number(4))]), [2, 3]),
    ]

    @Test(arguments: filters)
    func eventsAreThoseOfWhichItIsTrue(filter: FeatureFilter, longitudes: [Double]) async throws {
        let selection = FeatureSelection("filtered", filter: filter)
        let (found, counts) = try await withReaders { readers in
            let store = EventStore(readers, sql: try Checkout.sql())
            return (
                try await store.events(EventQuery(selection), PageRequest(limit: 100)).rows,
                try await store.counts(EventCountQuery(selection), PageRequest(limit: 100)).rows
            )
        }
        #expect(found.map(\.longitude) == longitudes)
        #expect(counts.reduce(0) { $0 + $1.count } == longitudes.count)
    }

    private static let cellFilters: [(FeatureFilter, [Int])] = [
        (.compare("risk_level", .equal, .text("high")), [1]), (.compare("anomaly", .equal, .truth(true)), [1]),
        (.compare("event_count", .atLeast, .number(2)), [1, 2]),
        (.compare("day", .greater, .day(LocalDay("2021-06-01")!)), [2]),
        (.between("risk_score", .number(5), .number(60)), [0, 1]), (.like("h3_index", pattern: "%"), [0, 1, 2]),
        (.intersects(.point(.init(longitude: 2, latitude: 1))), [1]), (.compare("z_score", .less, .number(-5)), []),
        (.compare("resolution", .equal, .number(7)), [0, 1, 2]),
        (.compare("growth_rate", .less, .number(1e9)), [0, 1, 2]),
        (.compare("rolling_7d_avg", .atLeast, .number(0)), [0, 1, 2]),
    ]

    @Test(arguments: cellFilters)
    func rowsAreThoseOfWhichItIsTrue(filter: FeatureFilter, numbers: [Int]) async throws {
        let days = LocalDay("2021-06-01")!...LocalDay("2021-06-02")!
        let query = CellQuery(FeatureSelection("filtered", filter: filter), days: days, resolution: 7)
        let found = try await withReaders {
            try await RiskStore($0, sql: Checkout.sql()).rows(query, of: nil, PageRequest(limit: 100)).rows
        }
        #expect(Set(found.map(\.cell)) == Set(numbers.map { cells[$0] }))
    }

    private static let topCellFilters: [(FeatureFilter, [Int])] = [
        (.compare("h3_index", .equal, .text(cells[2].description)), [2]),
        (.compare("max_level", .equal, .text("critical")), [2]),
        (.compare("days_flagged", .greater, .number(0)), [1]), (.compare("total_events", .less, .number(3)), [1]),
        (.intersects(.point(.init(longitude: 2, latitude: 1))), [1]),
        (.compare("last_day", .equal, .day(LocalDay("2021-06-02")!)), [2]),
        (.compare("last_level", .equal, .text("high")), [1]), (.compare("max_score", .atLeast, .number(60)), [2, 1]),
        (.compare("last_score", .less, .number(61)), [1]), (.compare("days_active", .equal, .number(1)), [2, 1]),
        (.compare("growth_rate", .less, .number(1e9)), [2, 1]),
    ]

    @Test(arguments: topCellFilters)
    func topCellsAreThoseOfWhichItIsTrue(filter: FeatureFilter, numbers: [Int]) async throws {
        let days = LocalDay("2021-06-01")!...LocalDay("2021-06-02")!
        let query = CellQuery(FeatureSelection("filtered", filter: filter), days: days, resolution: 7)
        let found = try await withReaders {
            try await RiskStore($0, sql: Checkout.sql()).topCells(query, PageRequest(limit: 100)).rows
        }
        #expect(found.map(\.cell) == numbers.map { cells[$0] })
    }

    @Test func noSessionKeepsAStatementWithAFilter() async throws {
        let kept: [Int] = try await withReaders(capacity: 1) { pool in
            let store = EventStore(pool, sql: try Checkout.sql())
            var kept: [Int] = []
            for number in 0..<5 {
                let filter = FeatureFilter.or((0...number).map { .compare("longitude", .equal, .number(Double($0))) })
                _ = try await store.events(
                    EventQuery(FeatureSelection("filtered", filter: filter)), PageRequest(limit: 10))
                kept.append(try await pool.query("SELECT count(*) FROM pg_prepared_statements")[0].get(0))
            }
            return kept
        }
        // Queries without a filter are cached from their second use on, including this count.
        #expect(Set(kept.dropFirst()).count == 1)
    }
}
