import H3
import Testing

struct OutlineTests {
    @Test func outlinesHaveTheRingsOfTheReference() throws {
        for line in try golden("outlines.txt") {
            let count = try #require(Int(line[0]))
            let cells = try line[1...count].map { try H3Cell($0) }
            let polygons = try H3Cell.multiPolygon(of: cells).map { polygon in
                ([polygon.shell.count] + polygon.holes.map(\.count).sorted(by: >)).map(String.init).joined(
                    separator: ",")
            }
            let expected = line[(count + 1)...].map { polygon in
                let counts = polygon.split(separator: ",").compactMap { Int($0) }
                return (counts.prefix(1) + counts.dropFirst().sorted(by: >)).map(String.init).joined(separator: ",")
            }
            #expect(polygons.sorted() == expected.sorted())
        }
    }

    @Test(arguments: [3, 6, 9] as [Resolution])
    func theOutlineOfADiskHoldsItsCells(resolution: Resolution) throws {
        for point in RandomPoints(seed: 29, count: 6) where abs(point.latitude) < 65 {
            let cell = try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: resolution)
            let ring = try cell.gridRing(2) + cell.gridRing(3)
            let polygons = try H3Cell.multiPolygon(of: ring)
            try #require(polygons.count == 1)
            try #require(polygons[0].holes.count == 1)
            #expect(try H3Cell.polygonToCells(polygons[0], resolution: resolution).sorted() == ring.sorted())
        }
    }

    @Test func allCellsAreTheSphereInEightTriangles() throws {
        let polygons = try H3Cell.multiPolygon(of: H3Cell.resolution0Cells)
        #expect(polygons.count == 8)
        #expect(polygons.allSatisfy { $0.shell.count == 3 && $0.holes.isEmpty })
    }

    @Test func theSphereWithoutACellHasOneLine() throws {
        for number in [4, 30] {
            let cells = H3Cell.resolution0Cells.filter { $0.baseCell != number }
            let polygons = try H3Cell.multiPolygon(of: cells)
            #expect(polygons.count == 1)
            #expect(polygons[0].shell.count == H3Cell.resolution0Cells[number].boundary.count)
        }
    }

    @Test func cellsThatDoNotFitAreRefused() throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.duplicateInput) { try H3Cell.multiPolygon(of: [cell, cell]) }
        #expect(throws: H3Error.resolutionMismatch) { try H3Cell.multiPolygon(of: [cell, try cell.parent(at: 4)]) }
        #expect(try H3Cell.multiPolygon(of: []).isEmpty)
    }
}
