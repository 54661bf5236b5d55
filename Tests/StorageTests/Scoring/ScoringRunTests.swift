import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct ScoringRunTests {
    private struct Row: Equatable {
        var cell: Int64
        var day: String
        var count: Int
        var figures: [Double]
        var level: String
        var isFlagged: Bool
    }

    private static let near = SampleEvent(longitude: -79.38, latitude: 43.65)
    private static let far = SampleEvent(longitude: -79.20, latitude: 43.80)

    private static func event(_ place: SampleEvent, _ day: String) -> SampleEvent {
        var event = place
        event.time = "\(day)T12:00:00Z"
        return event
    }

    private static func run(
        _ dataset: Dataset, _ resolutions: [Int], from: String? = nil, to: String? = nil
    ) async throws -> ScoringRun.Outcome {
        try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(
            .init(
                dataset: dataset, resolutions: resolutions, from: from.flatMap { LocalDay($0) },
                to: to.flatMap { LocalDay($0) }))
    }

    private static func rows(_ dataset: Slug, _ resolution: Int) async throws -> [Row] {
        try await withConnection { connection in
            try await connection.query(
                """
                SELECT h3_index, day::text, event_count, rolling_7d_avg, growth_rate, risk, risk_score, z_score,
                    risk_level::text, anomaly
                FROM daily_risk WHERE dataset = $1 AND resolution = $2 ORDER BY day, event_count DESC
                """, [dataset, Int16(resolution)]
            ).map { row in
                Row(
                    cell: try row.get(0), day: try row.get(1), count: try row.get(2),
                    figures: try (3...7).map { try row.get($0) }, level: try row.get(8), isFlagged: try row.get(9))
            }
        }
    }

    private static func cell(_ event: SampleEvent, _ resolution: Int) throws -> Int64 {
        try H3Cell(latitude: event.latitude, longitude: event.longitude, resolution: Resolution(resolution)).bitPattern
    }

    @Test func rowsAreTheFiguresOfTheDefinition() async throws {
        let dataset = try await Dataset.stored("by-hand")
        let chunk = EventChunk([
            Self.event(Self.near, "2021-06-01"), Self.event(Self.near, "2021-06-03"),
            Self.event(Self.near, "2021-06-03"),
            Self.event(Self.far, "2021-06-03"),
        ])
        try await IngestStore.ofTheSuite().ingest([chunk], into: "by-hand", content: "a")
        let outcome = try await Self.run(dataset, [7], from: "2021-06-01", to: "2021-06-05")
        #expect(outcome.events == 4)
        #expect(outcome.resolutions.map(\.rows) == [3])
        let rows = try await Self.rows("by-hand", 7)
        try #require(rows.count == 3)
        let one: [Double] = [1.0 / 7, 7, 0.5 + 2.1 + 0.2 / 7]
        let two: [Double] = [3.0 / 7, 13, 1 + 3.9 + 0.6 / 7]
        // Near: the counts of the five days are 1 0 2 0 0, mean 0.6, sd 0.8. Far: 0 0 1 0 0, z = sqrt(4).
        let expected = try [
            Row(
                cell: Self.cell(Self.near, 7), day: "2021-06-01", count: 1, figures: one + [0, 0.5], level: "low",
                isFlagged: false),
            Row(
                cell: Self.cell(Self.near, 7), day: "2021-06-03", count: 2, figures: two + [100, 1.75],
                level: "critical", isFlagged: false),
            Row(
                cell: Self.cell(Self.far, 7), day: "2021-06-03", count: 1, figures: one + [0, 2], level: "low",
                isFlagged: true),
        ]
        for (row, expected) in zip(rows, expected) {
            #expect(zip(row.figures, expected.figures).allSatisfy { abs($0 - $1) < 1e-9 }, "\(row.figures)")
            var same = row
            same.figures = expected.figures
            #expect(same == expected)
        }
    }

    @Test func everyResolutionIsBinnedFromThePoints() async throws {
        let dataset = try await Dataset.stored("several", resolutions: [5, 7, 12])
        let places = (0..<40).map {
            SampleEvent(longitude: -79.4 + Double($0) * 0.013, latitude: 43.6 + Double($0) * 0.007)
        }
        try await IngestStore.ofTheSuite().ingest([EventChunk(places)], into: "several", content: "a")
        let outcome = try await Self.run(dataset, [5, 7, 12])
        #expect(outcome.days?.lowerBound == LocalDay("2021-06-01"))
        #expect(outcome.days?.upperBound == LocalDay("2021-06-01"))
        for (resolution, told) in zip([5, 7, 12], outcome.resolutions) {
            let expected = try places.reduce(into: [Int64: Int]()) {
                $0[try Self.cell($1, resolution), default: 0] += 1
            }
            let rows = try await Self.rows("several", resolution)
            #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.cell, $0.count) }) == expected)
            #expect(told.resolution == resolution)
            #expect(told.rows == expected.count)
            let outlines = "SELECT count(*) FROM h3_cells WHERE resolution = $1 AND h3_index = ANY ($2)"
            let cells = PostgresArray(Array(expected.keys))
            #expect(try await value(outlines, [Int16(resolution), cells], as: Int.self) == expected.count)
        }
    }

    @Test func aSecondRunTakesThePlaceOfTheFirst() async throws {
        let dataset = try await Dataset.stored("again")
        let store = try IngestStore.ofTheSuite()
        let days = ["2021-06-01", "2021-06-02", "2021-06-03"]
        try await store.ingest([EventChunk(days.map { Self.event(Self.near, $0) })], into: "again", content: "a")
        _ = try await Self.run(dataset, [7])
        let first = try await Self.rows("again", 7)
        _ = try await Self.run(dataset, [7])
        #expect(try await Self.rows("again", 7) == first)
        try await withConnection { connection in
            try await connection.execute(
                "DELETE FROM events WHERE dataset = 'again' AND event_timestamp >= '2021-06-02T00:00:00Z'")
        }
        _ = try await Self.run(dataset, [7], from: "2021-06-03", to: "2021-06-03")
        #expect(try await Self.rows("again", 7).map(\.day) == ["2021-06-01", "2021-06-02"])
        _ = try await Self.run(dataset, [7], from: "2021-06-01", to: "2021-06-03")
        #expect(try await Self.rows("again", 7).map(\.day) == ["2021-06-01"])
    }

    @Test func daysBeforeTheRunCount() async throws {
        let dataset = try await Dataset.stored("before")
        let days = ["2021-05-24", "2021-05-25", "2021-05-26", "2021-06-01"]
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk(days.map { Self.event(Self.near, $0) })], into: "before", content: "a")
        let outcome = try await Self.run(dataset, [7], from: "2021-06-01", to: "2021-06-01")
        #expect(outcome.events == 3)
        let figures = try #require(try await Self.rows("before", 7).first).figures
        #expect(abs(figures[0] - 2.0 / 7) < 1e-12)
        #expect(abs(figures[1] - 2.5) < 1e-12)
    }

    @Test func aDatasetWithoutEventsHasNothingToScore() async throws {
        let dataset = try await Dataset.stored("nothing")
        let open = try await Self.run(dataset, [7])
        #expect(open.days == nil)
        #expect(open.events == 0)
        #expect(open.resolutions.isEmpty)
        let closed = try await Self.run(dataset, [7], from: "2021-06-01", to: "2021-06-02")
        #expect(closed.events == 0)
        #expect(closed.resolutions.map(\.rows) == [0])
        #expect(try await Self.rows("nothing", 7).isEmpty)
    }
}
