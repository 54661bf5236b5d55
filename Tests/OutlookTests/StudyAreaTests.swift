import H3
import Testing

@testable import Outlook

struct StudyAreaTests {
    struct Case: Decodable {
        let name: String
        let events: [String]
        let area: [String]
    }

    @Test func coverIsTheConvexHullOnTheSphere() throws {
        let cases: [Case] = try GoldenFile.read("areas")
        #expect(cases.count == 5)
        for golden in cases {
            let area = try StudyArea.covering(events: GoldenFile.indexes(golden.events))
            #expect(area.cells.map(\.bits) == GoldenFile.indexes(golden.area).sorted(), "\(golden.name)")
        }
    }

    @Test func oneEventIsItsCellAlone() throws {
        let area = try StudyArea.covering(events: [0x882_8308_281F_FFFF, 0x882_8308_281F_FFFF])
        #expect(area.cells.map(\.bits) == [0x882_8308_281F_FFFF])
        #expect(area.ring.range(0).isEmpty)
    }

    @Test func twoEventsAreAnArc() throws {
        // Two opposite neighbours of a cell at the middle of a base cell: the arc between meets its centre.
        let middle = try H3Cell(latitude: 10, longitude: 20, resolution: 0).centerChild(at: 7)
        let ends = try middle.gridRing(1)
        let area = try StudyArea.covering(events: [ends[0].bits, ends[3].bits])
        #expect(area.position(of: ends[0]) != nil)
        #expect(area.position(of: ends[3]) != nil)
        #expect(area.count <= 3)
    }

    @Test func eventsAroundTheGlobeAreEverywhere() throws {
        let everywhere = H3Cell.resolution0Cells
        let area = try StudyArea.covering(events: [everywhere[3], everywhere[118], everywhere[60]].map(\.bits))
        #expect(area.count == 122)
    }

    @Test func ringsAreThoseOfTheGrid() throws {
        let pentagon = H3Cell.pentagons(at: 6)[3]
        let area = try StudyArea(cells: pentagon.gridDisk(2).map(\.bits))
        let position = try #require(area.position(of: pentagon))
        #expect(area.ring.range(position).count == 5)
        for (cell, own) in area.cells.enumerated() {
            let members = Set(area.ring.range(cell).map { area.cells[Int(area.ring.members[$0])] })
            let expected = Set(try own.gridRing(1).filter { area.position(of: $0) != nil })
            #expect(members == expected)
        }
    }

    @Test func wrongCellsAreRefusedByPlace() throws {
        #expect(throws: OutlookError.noCells) { try StudyArea(cells: []) }
        #expect(throws: OutlookError.noCells) { try StudyArea.covering(events: []) }
        #expect(throws: OutlookError.notACell(5, row: 1)) { try StudyArea(cells: [0x882_8308_281F_FFFF, 5]) }
        let coarse = try H3Cell(latitude: 10, longitude: 20, resolution: 7)
        #expect(throws: OutlookError.otherResolution(coarse, row: 1, expected: 8)) {
            try StudyArea(cells: [0x882_8308_281F_FFFF, coarse.bits])
        }
    }

    @Test func theLimitHolds() throws {
        let places = [(10.0, 20.0), (12.0, 20.0), (11.0, 23.0)]
        let events = try places.map { try H3Cell(latitude: $0.0, longitude: $0.1, resolution: 9).bits }
        #expect(throws: OutlookError.tooManyCells(limit: 5_000, resolution: 9)) {
            try StudyArea.covering(events: events, limit: 5_000)
        }
        #expect(throws: OutlookError.tooManyCells(limit: 2, resolution: 9)) {
            try StudyArea(cells: events, limit: 2)
        }
    }

    @Test func countsGoToTheirPlaces() throws {
        let middle = try H3Cell(latitude: 10, longitude: 20, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(1).map(\.bits))
        let far = try H3Cell(latitude: 40, longitude: 20, resolution: 8)
        let counts = try area.counts(
            cells: [area.cells[2].bits, far.bits, area.cells[5].bits, area.cells[0].bits], counts: [3, 9, 1, 0])
        #expect(counts.positions == [2, 5])
        #expect(counts.counts == [3, 1])
        #expect(counts.outside == 9)
        #expect(counts.total == 4)
        #expect(counts.dense(7) == [0, 0, 3, 0, 0, 1, 0])
        #expect(throws: OutlookError.countOutOfRange(-4, row: 0)) {
            try area.counts(cells: [far.bits], counts: [-4])
        }
        #expect(throws: OutlookError.notACell(77, row: 0)) { try area.counts(cells: [77], counts: [1]) }
        #expect(throws: OutlookError.wrongLength(field: "counts", count: 0, expected: 1)) {
            try area.counts(cells: [77], counts: [])
        }
    }
}
