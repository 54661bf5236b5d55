import Domain
import H3
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Six cells over the days 1 to 5 of June 2021, and rows outside of these days.
private enum Spots {
    static func cell(_ longitude: Double) -> H3Cell {
        guard let cell = try? H3Cell(latitude: 43.65, longitude: longitude, resolution: 7) else {
            preconditionFailure("no cell there")
        }
        return cell
    }

    static let falling = cell(-79)
    static let rising = cell(-78)
    static let mild = cell(-77)
    static let flagged = cell(-76)
    static let later = cell(-75)
    static let twice = cell(-74)

    static let rows = [
        RiskRow.sample(falling, "2021-06-01", count: 1, score: 80),
        .sample(falling, "2021-06-03", count: 3, score: 40, growth: 2.5, flagged: true),
        .sample(rising, "2021-06-02", count: 2, score: 60),
        .sample(rising, "2021-06-05", count: 4, score: 70, growth: 3.5, flagged: true),
        .sample(rising, "2021-05-31", count: 50, score: 100),
        .sample(mild, "2021-06-04", count: 1, score: 30),
        .sample(flagged, "2021-06-04", count: 9, score: 20, growth: 4.5, flagged: true),
        .sample(later, "2021-06-02", count: 1, score: 10),
        .sample(later, "2021-06-06", count: 8, score: 95, flagged: true),
        .sample(twice, "2021-06-04", count: 1, score: 5, flagged: true),
        .sample(twice, "2021-06-05", count: 2, score: 80, growth: -0.5, flagged: true),
    ]
}

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("spots")
        _ = try await Dataset.stored("other")
        try await [RiskRow.sample(Spots.mild, "2021-06-03", score: 99)].store("other")
        try await Spots.rows.serve("spots")
    })
struct TopCellTests {
    private static func topCells(
        _ first: String, _ last: String, bounds: BoundingBox? = nil, levels: Set<RiskLevel> = [],
        limit: Int = 100
    ) async throws -> [TopCell] {
        try await page(first, last, bounds: bounds, levels: levels, PageRequest(limit: limit)).rows
    }

    private static func page(
        _ first: String, _ last: String, bounds: BoundingBox? = nil, levels: Set<RiskLevel> = [],
        _ page: PageRequest<TopCell>
    ) async throws -> Page<TopCell> {
        let days = try #require(LocalDay(first))...#require(LocalDay(last))
        let query = CellQuery(
            FeatureSelection("spots", bounds: bounds), days: days, resolution: 7, levels: levels)
        return try await withReaders { try await RiskStore($0, sql: Checkout.sql()).topCells(query, page) }
    }

    private static func topCell(
        _ cell: H3Cell, rank: Int, last: (day: String, score: Double, level: RiskLevel), highest: (Double, RiskLevel),
        events: Int, active: Int, flagged: Int, growth: Double, slope: Double
    ) throws -> TopCell {
        TopCell(
            cell: cell, resolution: 7, rank: rank, lastDay: try #require(LocalDay(last.day)), lastScore: last.score,
            lastLevel: last.level, maxScore: highest.0, maxLevel: highest.1, totalEvents: events, daysActive: active,
            daysFlagged: flagged, growthRate: growth, slope: slope)
    }

    /// For n = 5 days the slope is (the sum of c (t - 2)) / 10, with t counted from 0 on the first of June.
    @Test func cellsThatStoodOutAreRankedWithTheirFigures() async throws {
        let expected = [
            try Self.topCell(
                Spots.twice, rank: 1, last: ("2021-06-05", 80, .critical), highest: (80, .critical), events: 3,
                active: 2, flagged: 2, growth: -0.5, slope: 0.5),
            try Self.topCell(
                Spots.falling, rank: 2, last: ("2021-06-03", 40, .medium), highest: (80, .critical), events: 4,
                active: 2, flagged: 1, growth: 2.5, slope: -0.2),
            try Self.topCell(
                Spots.rising, rank: 3, last: ("2021-06-05", 70, .high), highest: (70, .high), events: 6, active: 2,
                flagged: 1, growth: 3.5, slope: 0.6),
            try Self.topCell(
                Spots.flagged, rank: 4, last: ("2021-06-04", 20, .low), highest: (20, .low), events: 9, active: 1,
                flagged: 1, growth: 4.5, slope: 0.9),
        ]
        let found = try await Self.topCells("2021-06-01", "2021-06-05")
        try #require(found.count == expected.count)
        for (spot, expected) in zip(found, expected) {
            #expect(abs(spot.slope - expected.slope) < 1e-12)
            var same = spot
            same.slope = expected.slope
            #expect(same == expected)
        }
    }

    @Test func theIntervalDecides() async throws {
        #expect(try await Self.topCells("2021-06-06", "2021-06-06").map(\.cell) == [Spots.later])
        #expect(try await Self.topCells("2021-05-01", "2021-05-30").isEmpty)
        let whole = try await Self.topCells("2021-05-31", "2021-06-06")
        #expect(whole.map(\.maxScore) == [100, 95, 80, 80, 20])
    }

    @Test func aSingleDayHasNoSlope() async throws {
        #expect(try await Self.topCells("2021-06-04", "2021-06-04").map(\.slope) == [0, 0])
    }

    @Test func theLimitTakesTheBest() async throws {
        #expect(
            try await Self.topCells("2021-06-01", "2021-06-05", limit: 2).map(\.cell) == [Spots.twice, Spots.falling])
    }

    @Test func aBoxTakesWhatItTouchesAndRanksAnew() async throws {
        let box = BoundingBox(west: -78.5, south: 43, east: -75.5, north: 44)
        let found = try await Self.topCells("2021-06-01", "2021-06-05", bounds: box)
        #expect(found.map(\.cell) == [Spots.rising, Spots.flagged])
        #expect(found.map(\.rank) == [1, 2])
        let across = BoundingBox(west: 179, south: 43, east: -78.5, north: 44)
        #expect(try await Self.topCells("2021-06-01", "2021-06-05", bounds: across).map(\.cell) == [Spots.falling])
    }

    @Test(arguments: [1, 2, 3])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        let whole = try await Self.topCells("2021-06-01", "2021-06-05")
        var joined: [TopCell] = []
        var page = PageRequest<TopCell>(limit: limit)
        repeat {
            let found = try await Self.page("2021-06-01", "2021-06-05", page)
            #expect(found.rows.count <= limit)
            joined += found.rows
            page.after = found.next
        } while page.after != nil
        #expect(joined == whole)
    }

    @Test func levelsAreThoseOfTheGreatestScore() async throws {
        #expect(try await Self.topCells("2021-06-01", "2021-06-05", levels: [.high]).map(\.cell) == [Spots.rising])
        #expect(
            try await Self.topCells("2021-06-01", "2021-06-05", levels: [.low, .critical]).map(\.cell)
                == [Spots.twice, Spots.falling, Spots.flagged])
    }
}
