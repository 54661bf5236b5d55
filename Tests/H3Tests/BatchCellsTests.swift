import Foundation
import H3
import Testing

struct BatchCellsTests {
    @Test(arguments: Resolution.allCases)
    func centersAreThoseOfTheOneCellCall(resolution: Resolution) throws {
        let cells = try Self.cells(resolution)
        var latitudes = [Double](repeating: 0, count: cells.count)
        var longitudes = latitudes
        var latitudeSpan = latitudes.mutableSpan
        var longitudeSpan = longitudes.mutableSpan
        try cellsToLatLngs(cells.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
        for (index, bits) in cells.enumerated() {
            guard let cell = H3Cell(bits) else {
                #expect(latitudes[index].isNaN)
                #expect(longitudes[index].isNaN)
                continue
            }
            let expected = cell.center
            let east =
                (longitudes[index] - expected.longitude).remainder(dividingBy: 360) * cos(expected.latitudeRadians)
            #expect(abs(latitudes[index] - expected.latitude) <= 1e-11, "\(cell)")
            #expect(abs(east) <= 1e-11, "\(cell)")
        }
    }

    @Test(arguments: [0, 3, 9, 15] as [Resolution])
    func outlinesAreThoseOfTheOneCellCall(resolution: Resolution) throws {
        let cells = try Self.cells(resolution)
        let none = try #require(H3Cell(cells[0])).boundary
        var boundaries = [CellBoundary](repeating: none, count: cells.count)
        var span = boundaries.mutableSpan
        try cellsToBoundaries(cells.span, into: &span)
        for (bits, boundary) in zip(cells, boundaries) {
            if let cell = H3Cell(bits) {
                #expect(boundary == cell.boundary)
            } else {
                #expect(boundary.isEmpty)
            }
        }
    }

    @Test func parentsAreThoseOfTheOneCellCallAndZeroWhereThereIsNone() throws {
        let cells = try Self.cells(9) + Self.cells(4)
        var parents = [UInt64](repeating: .max, count: cells.count)
        var span = parents.mutableSpan
        try cellsToParents(cells.span, resolution: 7, into: &span)
        for (bits, parent) in zip(cells, parents) {
            let cell = H3Cell(bits).flatMap { $0.resolution >= 7 ? $0 : nil }
            #expect(try parent == cell?.parent(at: 7).bits ?? 0)
        }
    }

    @Test func arraysHoldWhatTheSpansGet() throws {
        let cells = try Self.cells(9)
        var latitudes = [Double](repeating: 0, count: cells.count)
        var longitudes = latitudes
        var latitudeSpan = latitudes.mutableSpan
        var longitudeSpan = longitudes.mutableSpan
        try cellsToLatLngs(cells.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
        let points = cellsToLatLngs(cells)
        #expect(points.latitudes.map(\.bitPattern) == latitudes.map(\.bitPattern))
        #expect(points.longitudes.map(\.bitPattern) == longitudes.map(\.bitPattern))
        #expect(cellsToBoundaries(cells).map(\.count) == cells.map { H3Cell($0)?.boundary.count ?? 0 })
        #expect(try cellsToParents(cells, resolution: 4) == cells.map { try H3Cell($0)?.parent(at: 4).bits ?? 0 })
        #expect(cellsToLatLngs([]).latitudes.isEmpty)
        #expect(cellsToBoundaries([]).isEmpty)
    }

    @Test func refusesBuffersOfAnotherLength() throws {
        let cells = try Self.cells(5)
        var short = [UInt64](repeating: 0, count: cells.count - 1)
        var span = short.mutableSpan
        do throws(H3Error) {
            try cellsToParents(cells.span, resolution: 3, into: &span)
            Issue.record("taken")
        } catch {
            #expect(error == .memoryBounds)
        }
    }

    /// Cells all over the sphere, at both poles, pentagons, and invalid bits; their number is not a multiple of eight.
    private static func cells(_ resolution: Resolution) throws -> [UInt64] {
        var cells = try RandomPoints(seed: 90 + UInt64(resolution.number), count: 301).map {
            try H3Cell(latitude: $0.latitude, longitude: $0.longitude, resolution: resolution).bits
        }
        for latitude in [90, 89.999_99, 89.9, -89.9, -89.999_99, -90] {
            cells.append(try H3Cell(latitude: latitude, longitude: 12, resolution: resolution).bits)
        }
        let unused = UInt64(1) << UInt64(45 - 3 * resolution.number) - 1
        for pentagon in [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117] as [UInt64] {
            cells.append(1 << 59 | UInt64(resolution.number) << 52 | pentagon << 45 | unused)
        }
        return cells + [0, .max, 1 << 63]
    }
}
