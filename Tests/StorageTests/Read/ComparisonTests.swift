import Domain
import H3
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Cells with events in the first days of June, in the last days of May, and in both.
private enum Compared {
    static func cell(_ longitude: Double) -> H3Cell {
        guard let cell = try? H3Cell(latitude: 43.65, longitude: longitude, resolution: 7) else {
            preconditionFailure("no cell there")
        }
        return cell
    }

    static let both = cell(-79)
    static let fresh = cell(-78)
    static let gone = cell(-77)
    static let outside = cell(-76)

    static let rows = [
        RiskRow.sample(both, "2021-05-28", count: 2, score: 1), .sample(both, "2021-05-31", count: 5, score: 1),
        .sample(both, "2021-06-01", count: 1, score: 1), .sample(both, "2021-06-03", count: 3, score: 1),
        .sample(fresh, "2021-06-02", count: 7, score: 1), .sample(gone, "2021-05-30", count: 4, score: 1),
        .sample(outside, "2021-05-27", count: 50, score: 1), .sample(outside, "2021-06-04", count: 60, score: 1),
    ]
}

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("compared")
        _ = try await Dataset.stored("other")
        try await [RiskRow.sample(Compared.fresh, "2021-06-02", score: 99)].store("other")
        try await Compared.rows.serve("compared")
    })
struct ComparisonTests {
    private static func days(_ first: String, _ last: String) throws -> ClosedRange<LocalDay> {
        try #require(LocalDay(first))...#require(LocalDay(last))
    }

    private static func compared(
        bounds: BoundingBox? = nil, _ page: PageRequest<CellComparison> = PageRequest(limit: 100)
    ) async throws -> Page<CellComparison> {
        let cells = CellQuery(
            FeatureSelection("compared", bounds: bounds), days: try days("2021-06-01", "2021-06-03"), resolution: 7)
        let query = ComparisonQuery(cells, with: try days("2021-05-28", "2021-05-31"))
        return try await withReaders { try await RiskStore($0, sql: Checkout.sql()).comparison(query, page) }
    }

    private static let all = [
        CellComparison(cell: Compared.both, events: 4, eventsBefore: 7),
        CellComparison(cell: Compared.fresh, events: 7, eventsBefore: 0),
        CellComparison(cell: Compared.gone, events: 0, eventsBefore: 4),
    ].sorted { $0.cell.bitPattern < $1.cell.bitPattern }

    @Test func eachCellHasItsEventsOfBothPeriodsAndNoOthers() async throws {
        #expect(try await Self.compared().rows == Self.all)
    }

    @Test func aPageGoesOnAfterTheLastCell() async throws {
        let first = try await Self.compared(PageRequest(limit: 2))
        #expect(first.rows == Array(Self.all.prefix(2)))
        let second = try await Self.compared(PageRequest(after: first.next, limit: 2))
        #expect(second.rows == Array(Self.all.suffix(1)))
        #expect(second.next == nil)
    }

    @Test func aBoxLimitsTheCells() async throws {
        let box = BoundingBox(west: -78.5, south: 43, east: -77.5, north: 44)
        #expect(try await Self.compared(bounds: box).rows.map(\.cell) == [Compared.fresh])
    }
}
