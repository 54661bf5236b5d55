import H3
import Testing

struct PolygonTests {
    private static let modes: [String: ContainmentMode] = [
        "center": .center, "full": .full, "overlap": .overlapping, "bbox_overlap": .overlappingBoundingBox,
    ]

    @Test func cellsAreThoseOfTheReference() throws {
        for line in try golden("polygons.txt") {
            let resolution = try Resolution(#require(Int(line[0])))
            let mode = try #require(Self.modes[line[1]])
            let count = try #require(Int(line[2]))
            let rings = try line[3..<3 + count].map { ring in
                let numbers = try ring.split(separator: ",").map { try #require(Double($0)) }
                return stride(from: 0, to: numbers.count, by: 2).map {
                    LatLng(latitude: numbers[$0], longitude: numbers[$0 + 1])
                }
            }
            let polygon = GeoPolygon(shell: rings[0], holes: Array(rings.dropFirst()))
            let cells = try H3Cell.polygonToCompactCells(polygon, resolution: resolution, containment: mode)
            #expect(cells.map(\.description).sorted() == line[(3 + count)...].sorted(), "\(line[0...1])")
        }
    }

    @Test(arguments: [2, 5, 8, 11] as [Resolution])
    func theOutlineOfACellHoldsItsDescendants(resolution: Resolution) throws {
        for point in RandomPoints(seed: 23, count: 8) where abs(point.latitude) < 70 {
            let cell = try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: resolution)
            let polygon = GeoPolygon(shell: Array(cell.boundary))
            #expect(try H3Cell.polygonToCells(polygon, resolution: resolution) == [cell])
            let overlapping = try H3Cell.polygonToCells(polygon, resolution: resolution, containment: .overlapping)
            #expect(try Set(overlapping).isSubset(of: cell.gridDisk(1)))
            #expect(overlapping.contains(cell))
        }
    }

    @Test func modesAreContainedInEachOther() throws {
        let polygon = GeoPolygon(
            shell: [(40, 170), (42, -175), (55, -172), (50, 175)].map { LatLng(latitude: $0.0, longitude: $0.1) })
        let cells = try ContainmentMode.allCases.map { mode in
            Set(try H3Cell.polygonToCells(polygon, resolution: 4, containment: mode))
        }
        #expect(cells[1].isStrictSubset(of: cells[0]))
        #expect(cells[0].isStrictSubset(of: cells[2]))
        #expect(cells[2].isStrictSubset(of: cells[3]))
        for (mode, cells) in zip(ContainmentMode.allCases, cells) {
            let size = try H3Cell.maxPolygonToCellsSize(polygon, resolution: 4, containment: mode)
            #expect(size >= cells.count)
            var buffer = [H3Cell](repeating: H3Cell.resolution0Cells[0], count: size)
            var span = buffer.mutableSpan
            let count = try H3Cell.polygonToCells(polygon, resolution: 4, containment: mode, into: &span)
            #expect(Set(buffer[..<count]) == cells)
            var short = [H3Cell](repeating: H3Cell.resolution0Cells[0], count: cells.count - 1)
            var shortSpan = short.mutableSpan
            #expect(throws: H3Error.memoryBounds) {
                try H3Cell.polygonToCells(polygon, resolution: 4, containment: mode, into: &shortSpan)
            }
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func coordinatesThatAreNotFiniteAreRefused(number: Double) {
        let points = [LatLng(latitude: 1, longitude: 2), LatLng(latitude: number, longitude: 3)]
        let triangle = [(0, 0), (0, 1), (1, 0)].map { LatLng(latitude: $0.0, longitude: $0.1) }
        for polygon in [GeoPolygon(shell: points), GeoPolygon(shell: triangle, holes: [points])] {
            #expect(throws: H3Error.latLngDomain) { try H3Cell.polygonToCells(polygon, resolution: 3) }
        }
    }

    @Test func emptyAndHugePolygonsAreTaken() throws {
        for mode in ContainmentMode.allCases {
            #expect(try H3Cell.polygonToCells(GeoPolygon(shell: []), resolution: 9, containment: mode).isEmpty)
        }
        let box = [(60, -120), (60, 50), (-60, 50), (-60, -120)].map { LatLng(latitude: $0.0, longitude: $0.1) }
        #expect(throws: H3Error.memoryAllocation) { try H3Cell.polygonToCells(GeoPolygon(shell: box), resolution: 12) }
    }
}
