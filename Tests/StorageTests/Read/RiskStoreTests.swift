import Domain
import H3
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// One day of a small dataset: cells in Toronto, on both sides of the antimeridian, and one across it.
private enum Served {
    static func cell(_ longitude: Double, _ latitude: Double, _ resolution: Resolution = 7) -> H3Cell {
        guard let cell = try? H3Cell(latitude: latitude, longitude: longitude, resolution: resolution) else {
            preconditionFailure("no cell there")
        }
        return cell
    }

    static let toronto = (0..<5).map { cell(-79.4 + Double($0) / 10, 43.65) }.sorted()
    static let west = cell(179.5, -17)
    static let across = cell(180, -17)
    static let east = cell(-179.5, -17)

    static let rows = [
        RiskRow.sample(toronto[0], "2021-06-01", count: 1, score: 5),
        .sample(toronto[1], "2021-06-01", count: 2, score: 30),
        .sample(toronto[2], "2021-06-01", count: 3, score: 60, flagged: true),
        .sample(toronto[3], "2021-06-01", count: 4, score: 90),
        .sample(toronto[4], "2021-06-01", count: 5, score: 100),
        .sample(west, "2021-06-01"), .sample(across, "2021-06-01"), .sample(east, "2021-06-01"),
    ]
    /// Rows that the queries must leave out: another day, another resolution.
    static let others = [
        RiskRow.sample(toronto[0], "2021-06-02", score: 50), .sample(cell(-79.4, 43.65, 8), "2021-06-01"),
    ]
}

@Suite(
    migratedDatabase {
        _ = try await Dataset.stored("fiji-and-toronto")
        _ = try await Dataset.stored("other")
        try await Served.rows.map {
            var row = $0
            row.eventCount += 100
            return row
        }.store("other")
        try await (Served.rows + Served.others).serve("fiji-and-toronto")
    })
struct RiskStoreTests {
    private static func rows(
        of cell: H3Cell? = nil, _ change: (inout CellQuery) -> Void = { _ in }
    ) async throws -> [RiskRow] {
        var query = CellQuery(FeatureSelection("fiji-and-toronto"), days: day(0), resolution: 7)
        change(&query)
        return try await page(query, of: cell, PageRequest(limit: 100)).rows
    }

    private static func page(
        _ query: CellQuery, of cell: H3Cell? = nil, _ page: PageRequest<RiskRow>
    ) async throws -> Page<RiskRow> {
        try await withReaders { try await RiskStore($0, sql: Checkout.sql()).rows(query, of: cell, page) }
    }

    /// The rows of all pages, one after the other.
    private static func joined(_ days: ClosedRange<LocalDay>, limit: Int) async throws -> [RiskRow] {
        let query = CellQuery(FeatureSelection("fiji-and-toronto"), days: days, resolution: 7)
        var joined: [RiskRow] = []
        var page = PageRequest<RiskRow>(limit: limit)
        repeat {
            let found = try await Self.page(query, page)
            #expect(found.rows.count <= limit)
            joined += found.rows
            page.after = found.next
        } while page.after != nil
        return joined
    }

    /// The day this many days after that of the rows.
    private static func day(_ days: Int) -> ClosedRange<LocalDay> {
        let day = LocalDay("2021-06-01")!.advanced(by: days)
        return day...day
    }

    @Test func aDayIsServedWholeAndAsStored() async throws {
        #expect(try await Self.rows() == Served.rows.sorted { $0.cell < $1.cell })
    }

    @Test func otherDaysResolutionsAndDatasetsAreTheirOwn() async throws {
        #expect(try await Self.rows { $0.resolution = 8 } == [Served.others[1]])
        #expect(try await Self.rows { $0.days = Self.day(1) } == [Served.others[0]])
        #expect(try await Self.rows { $0.days = Self.day(2) } == [])
        #expect(try await Self.rows { $0.selection.dataset = "other" }.allSatisfy { $0.eventCount > 100 })
        #expect(try await Self.rows { $0.selection.dataset = "unknown" } == [])
    }

    @Test(arguments: [1, 2, 3, 8])
    func pagesJoinToTheWhole(_ limit: Int) async throws {
        #expect(try await Self.joined(Self.day(0), limit: limit) == Served.rows.sorted { $0.cell < $1.cell })
    }

    @Test func levelsAreChosen() async throws {
        #expect(try await Self.rows { $0.levels = [.medium] }.map(\.cell) == [Served.toronto[1]])
        #expect(try await Self.rows { $0.levels = [.high, .critical] }.map(\.cell) == Array(Served.toronto[2...]))
        #expect(try await Self.rows { $0.levels = Set(RiskLevel.allCases) }.count == Served.rows.count)
    }

    @Test func oneCellIsChosen() async throws {
        #expect(try await Self.rows(of: Served.toronto[3]) == [Served.rows[3]])
        #expect(try await Self.rows(of: Served.cell(0, 0)) == [])
    }

    @Test func aBoxTakesWhatItTouches() async throws {
        let box = try #require(BoundingBox(west: -80, south: 43, east: -79, north: 44))
        #expect(Set(try await Self.rows { $0.selection.bounds = box }.map(\.cell)) == Set(Served.toronto))
        // A point inside one cell.
        let center = Served.toronto[2].center
        let point = BoundingBox(
            west: center.longitude, south: center.latitude, east: center.longitude, north: center.latitude)
        #expect(try await Self.rows { $0.selection.bounds = point }.map(\.cell) == [Served.toronto[2]])
        #expect(
            try await Self.rows {
                $0.selection.bounds = box
                $0.levels = [.low]
            }.map(\.cell) == [Served.toronto[0]])
    }

    @Test(arguments: [
        (179.0, -179.0, [Served.west, Served.across, Served.east]), (179.9, -179.9, [Served.across]),
        (179, 180, [Served.west, Served.across]), (-180, -179, [Served.across, Served.east]),
        (-179.9, 179.4, [Served.east]),
    ])
    func aBoxMayCrossTheAntimeridian(_ west: Double, _ east: Double, _ cells: [H3Cell]) async throws {
        let box = try #require(BoundingBox(west: west, south: -18, east: east, north: -16))
        #expect(try await Self.rows { $0.selection.bounds = box }.map(\.cell) == cells.sorted())
    }

    @Test func pagesOfSeveralDaysJoinToTheWhole() async throws {
        let days = Self.day(0).lowerBound...Self.day(1).upperBound
        #expect(try await Self.joined(days, limit: 3) == Served.rows.sorted { $0.cell < $1.cell } + [Served.others[0]])
    }

    @Test func theHistoryOfACellIsInTheOrderOfDays() async throws {
        func page(_ page: PageRequest<RiskRow>, _ change: (inout CellDaysQuery) -> Void) async throws -> Page<RiskRow> {
            var query = CellDaysQuery("fiji-and-toronto", cell: Served.toronto[0])
            change(&query)
            let asked = query
            return try await withReaders { try await RiskStore($0, sql: Checkout.sql()).days(asked, page) }
        }
        func days(_ change: (inout CellDaysQuery) -> Void = { _ in }) async throws -> [RiskRow] {
            try await page(PageRequest(limit: 100), change).rows
        }
        let both = [Served.rows[0], Served.others[0]]
        let second = Self.day(1).lowerBound
        #expect(try await days() == both)
        let first = try await page(PageRequest(limit: 1)) { _ in }
        #expect(first.rows == [both[0]])
        #expect(first.next != nil)
        let rest = try await page(PageRequest(after: first.next, limit: 1)) { _ in }
        #expect(rest.rows == [both[1]])
        #expect(rest.next == nil)
        #expect(try await days { $0.days = second...LocalDay.latest } == [both[1]])
        #expect(try await days { $0.days = LocalDay.earliest...second.advanced(by: -1) } == [both[0]])
        #expect(try await days { $0.levels = [.medium] } == [both[1]])
        #expect(try await days { $0.cell = Served.cell(0, 0) } == [])
    }

    /// A square around the third cell's centre, and a polygon with a hole there.
    @Test func anAreaTakesWhatItTouches() async throws {
        let center = Served.toronto[2].center
        func square(_ side: Double) -> [DrawnPolygon.Position] {
            [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map {
                .init(longitude: center.longitude + $0.0 * side, latitude: center.latitude + $0.1 * side)
            }
        }
        func cells(_ rings: [[DrawnPolygon.Position]]) async throws -> [H3Cell] {
            try await Self.rows { $0.selection.polygon = DrawnPolygon(polygons: [rings]) }.map(\.cell)
        }
        // Cells are a tenth of a degree apart, and extend a fiftieth from their centres.
        let near = Served.toronto.filter { abs($0.center.longitude - center.longitude) < 0.15 }
        #expect(near.count > 1)
        #expect(try await cells([square(0.001)]) == [Served.toronto[2]])
        #expect(try await cells([square(0.15)]) == near)
        #expect(try await cells([square(0.15), square(0.05).reversed()]) == near.filter { $0 != Served.toronto[2] })
    }

    @Test func aRingThatCrossesItselfIsToldByWhatIsWrong() async throws {
        let corners = [(0.0, 0.0), (1, 1), (1, 0), (0, 1), (0, 0)]
        func fault(_ order: [Int]) async throws -> String? {
            let ring = order.map { DrawnPolygon.Position(longitude: corners[$0].0, latitude: corners[$0].1) }
            return try await withReaders {
                try await DrawnPolygonStore($0, sql: Checkout.sql()).fault(of: DrawnPolygon(polygons: [[ring]]))
            }
        }
        #expect(try await fault([0, 1, 2, 3, 4])?.hasPrefix("Self-intersection") == true)
        #expect(try await fault([0, 2, 1, 3, 4]) == nil)
    }
}
