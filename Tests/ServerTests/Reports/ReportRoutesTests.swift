import Domain
import Foundation
import H3
import TestDomain
import Testing
import Tiles

@testable import Server

@Suite struct ReportRoutesTests {
    private static let last = LocalDay("2021-12-31")!
    private static let cell = H3Cell.examples[0]

    private static func row(_ cell: H3Cell, expected: Double) -> OutlookRow {
        OutlookRow(
            cell: cell, resolution: 8, asOf: last, kind: .all, period: .fourWeeks,
            figures: .init(events: 3, before: 1, p: 0.6, trend: .few, maxScore: nil, daysFlagged: 1),
            hotSpot: .init(hotSpotClass: .newHot, z: 4.5, trendP: 0.5),
            forecast: .init(horizon: 7, expected: expected, chance: 0.75, interval50: 0...1, interval90: 0...3),
            sortKey: -expected)
    }

    private static func store(_ change: (inout MemoryStore.State) -> Void = { _ in }) -> MemoryStore {
        MemoryStore { state in
            state.datasets = [.changed { $0.outlookDays = [last] }]
            state.outlookRows = zip(H3Cell.examples, [2.5, 1.5, 1, 0.5]).map { row($0, expected: $1) }
            state.counts = [EventCount(day: last, eventType: "Assault", count: 3)]
            change(&state)
        }
    }

    @Test(arguments: [
        ("dataset.pdf", "application/pdf"), ("dataset.svg", "image/svg+xml"), ("dataset.png", "image/png"),
        ("cell/882b9bc445fffff.pdf", "application/pdf"), ("cell/882b9bc445fffff.png", "image/png"),
    ])
    func aReportHasItsTypeAndATag(path: String, type: String) async throws {
        try await withServer(Self.store()) { client in
            let answer = try await client.get("/v1/reports/toronto/\(path)")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == type)
            let tag = try #require(answer.headers["etag"])
            let again = try await client.get("/v1/reports/toronto/\(path)", ["If-None-Match": tag])
            #expect(again.status == 304)
        }
    }

    @Test func aReportIsMadeOnceAndAgainForAnotherGeneration() async throws {
        let store = Self.store()
        try await withServer(store) { client in
            for _ in 0..<3 { _ = try await client.get("/v1/reports/toronto/dataset.pdf") }
            #expect(store.now.outlookQueries.count == 1)
            store.change { $0.datasets[0].generation += 1 }
            store.generation.advance(to: store.now.datasets[0].generation)
            _ = try await client.get("/v1/reports/toronto/dataset.pdf")
            #expect(store.now.outlookQueries.count == 2)
            _ = try await client.get("/v1/reports/toronto/dataset.pdf?lang=fr")
            #expect(store.now.outlookQueries.count == 3)
        }
    }

    @Test func whatIsAskedForIsWhatIsRead() async throws {
        let store = Self.store()
        try await withServer(store) { client in
            _ = try await client.get("/v1/reports/toronto/dataset.pdf?period=90&resolution=7&as_of=2021-12-31")
        }
        let outlook = try #require(store.now.outlookQueries.first?.query)
        #expect(outlook.period == .quarter)
        #expect(outlook.resolution == 7)
        #expect(outlook.asOf == Self.last)
        let counts = try #require(store.now.countQueries.first)
        // 52 weeks of history are more than two periods of 90 days.
        #expect(counts.days == Self.last.advanced(by: -363)...Self.last)
    }

    @Test func withoutAnOutlookTheMapHasTheCellsThatStoodOut() async throws {
        let store = Self.store { $0.datasets = [.toronto] }
        try await withServer(store) { client in
            let answer = try await client.get("/v1/reports/toronto/dataset.svg")
            #expect(answer.status == 200)
        }
        #expect(store.now.outlookQueries.isEmpty)
        #expect(store.now.topCellQueries.first?.query.days == Self.last.advanced(by: -27)...Self.last)
    }

    @Test func whereSmallCountsAreHiddenEveryQueryHidesThem() async throws {
        let store = Self.store { state in
            state.datasets = [
                .changed { status in
                    status.outlookDays = [Self.last]
                    status.dataset.minimumCount = 5
                    status.disclosedDays = status.days
                    status.disclosedBounds = status.bounds
                }
            ]
        }
        try await withServer(store) { client in
            for path in ["dataset.pdf", "cell/\(Self.cell).pdf"] {
                let answer = try await client.get("/v1/reports/toronto/\(path)")
                #expect(answer.status == 200)
            }
        }
        let now = store.now
        #expect(now.outlookQueries.isEmpty)
        #expect(now.topCellQueries.count == 2)
        #expect(now.topCellQueries.allSatisfy { $0.query.selection.disclosure == .atLeast(5) })
        // The types of the events of a cell are not asked for, and its days are those of its list.
        #expect(now.countQueries.map(\.selection.disclosure) == [.atLeast(5)])
        #expect(now.countQueries.allSatisfy { $0.selection.polygon == nil })
        #expect(now.cellQueries.map(\.disclosure) == [.atLeast(5)])
    }

    @Test(arguments: [
        ("dataset.pdf?period=30", "period"), ("dataset.pdf?lang=de", "lang"), ("dataset.pdf?paper=a5", "paper"),
        ("dataset.pdf?kind=arson", "kind"), ("dataset.pdf?resolution=4", "resolution"),
        ("dataset.pdf?as_of=0001-06-01", "as_of"), ("dataset.pdf?bbox=1,2,3,4", "bbox"),
        ("cell/882b9bc445fffff.pdf?resolution=8", "resolution"), ("cell/842b9bdffffffff.pdf", "h3"),
        ("cell/882b9bc445ffff.pdf", "h3"),
    ])
    func whatCannotBeMeantIs400(path: String, field: String) async throws {
        try await withServer(Self.store()) { client in
            let answer = try await client.get("/v1/reports/toronto/\(path)")
            #expect(answer.status == 400)
            #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
        }
    }

    @Test func aKindNeedsAnOutlookOfTheDay() async throws {
        let store = Self.store { state in
            state.datasets[0].dataset.groups = [EventGroup(name: "violence", types: ["Assault"])]
        }
        try await withServer(store) { client in
            let path = "/v1/reports/toronto/dataset.pdf?kind=violence"
            let answer = try await client.get(path)
            #expect(answer.status == 200)
            let other = try await client.get("\(path)&as_of=2021-12-30")
            #expect(other.status == 400)
        }
        #expect(store.now.countQueries.first?.eventTypes == ["Assault"])
    }

    @Test func whereThereIsNothingToReportIs404() async throws {
        let store = Self.store { $0.datasets = [.changed { ($0.days, $0.bounds) = (nil, nil) }] }
        try await withServer(store) { client in
            for path in ["toronto/dataset.pdf", "other/dataset.pdf", "toronto/dataset.gif"] {
                let answer = try await client.get("/v1/reports/\(path)")
                #expect(answer.status == 404, "\(path)")
            }
        }
    }

    @Test func theResolutionOfAMapFitsItsBox() throws {
        let status = DatasetStatus.toronto
        func choices(_ asked: Int?, _ box: BoundingBox?, most: Double) throws -> [Int] {
            try ReportGatherer.resolutions(asked, status, box, most: most)
        }
        // Toronto is some 1,300 km2 as a box: 1,760 cells at resolution 8, and 12,300 at 9.
        #expect(try choices(nil, status.bounds, most: 6000) == [8, 7, 6, 5, 9])
        #expect(try choices(nil, status.bounds, most: 20_000) == [9, 8, 7, 6, 5])
        #expect(try choices(nil, BoundingBox("-180,-80,180,80"), most: 6000) == [5, 6, 7, 8, 9])
        #expect(try choices(7, status.bounds, most: 6000) == [7])
        #expect(throws: UnscoredResolution.self) { try choices(4, nil, most: 6000) }
    }

    @Test func anOutlookThatLacksTheResolutionIsLookedForAtOthers() async throws {
        let store = Self.store { $0.outlookRows = [] }
        try await withServer(store) { client in
            _ = try await client.get("/v1/reports/toronto/dataset.pdf")
        }
        #expect(store.now.outlookQueries.map(\.query.resolution) == [8, 7, 6, 5, 9])
        #expect(store.now.topCellQueries.map(\.query.resolution) == [8])
    }

    @Test func aFrameCrossesTheAntimeridianWithItsCell() throws {
        let cell = try H3Cell(latitude: -17, longitude: 179.99, resolution: Resolution(6))
        let frame = CellFrame.around(cell)
        #expect(frame.west > frame.east)
        for neighbour in try cell.gridDisk(3) {
            #expect(frame.contains(longitude: neighbour.center.longitude, latitude: neighbour.center.latitude))
        }
    }

    @Test func aPointIsInAnAreaAndNotInItsHole() {
        let square = { (from: Double, to: Double) in [from, from, to, from, to, to, from, to, from, from] }
        let test = OutlineTest(AreaOutline(polygons: [[square(0, 10), square(4, 6)], [square(20, 21)]]))
        #expect(test.contains(longitude: 2, latitude: 5))
        #expect(!test.contains(longitude: 5, latitude: 5))
        #expect(test.contains(longitude: 20.5, latitude: 20.5))
        #expect(!test.contains(longitude: 15, latitude: 5))
    }
}
