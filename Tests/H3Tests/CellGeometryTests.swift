import Foundation
import H3
import TestSupport
import Testing

struct CellGeometryTests {
    /// The reference is written to 12 decimals; its own versions agree to 1e-11 degrees.
    private static let tolerance = 1e-11

    @Test func centersBoundariesAndKindsAreThoseOfTheReference() throws {
        for line in try golden("cells.txt") {
            let cell = try H3Cell(line[0])
            #expect(cell.baseCell == Int(line[1]), "\(cell)")
            #expect(cell.isPentagon == (line[2] == "P"), "\(cell)")
            let numbers = try line[3...].map { try #require(Double($0)) }
            let points = stride(from: 0, to: numbers.count, by: 2).map {
                LatLng(latitude: numbers[$0], longitude: numbers[$0 + 1])
            }
            expectClose(cell.center, points[0], cell)
            let boundary = cell.boundary
            #expect(boundary.count == points.count - 1, "\(cell)")
            for (vertex, expected) in zip(boundary, points.dropFirst()) { expectClose(vertex, expected, cell) }
        }
    }

    @Test func theFileHoldsEveryKindOfOutline() throws {
        let counts = Set(try golden("cells.txt").map { ($0.count - 5) / 2 })
        #expect(counts.isSuperset(of: [5, 6, 7, 8, 10]))
    }

    @Test func noBitPatternTraps() {
        var random = SplitMix(state: 7)
        for round in 0..<20_000 {
            // Half of them have the header of a cell, so that more than the header is checked.
            let bits = round % 2 == 0 ? random.next() : random.next() >> 5 | 1 << 59
            let cell = H3Cell(unchecked: bits)
            #expect((5...10).contains(cell.boundary.count))
            #expect(cell.center.latitude.isFinite)
            #expect(cell.center.longitude.isFinite)
            #expect((0...15).contains(cell.resolution.number))
        }
    }

    private func expectClose(_ point: LatLng, _ expected: LatLng, _ cell: H3Cell) {
        let turn = (point.longitude - expected.longitude).remainder(dividingBy: 360)
        let east = turn * cos(expected.latitudeRadians)
        #expect(abs(point.latitude - expected.latitude) <= Self.tolerance, "\(cell)")
        #expect(abs(east) <= Self.tolerance, "\(cell)")
    }
}
