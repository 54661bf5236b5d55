import H3
import Testing

struct BatchTests {
    @Test(arguments: Resolution.allCases)
    func equalsTheOnePointCall(resolution: Resolution) throws {
        let points = Array(RandomPoints(seed: UInt64(resolution.number), count: 997))
        let cells = try latLngToCells(
            latitudes: points.map(\.latitude), longitudes: points.map(\.longitude), resolution: resolution)
        let single = try points.map { point in
            try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: resolution).bits
        }
        #expect(cells == single)
    }

    @Test func writesZeroForAPointThatIsNotFinite() throws {
        let cells = try latLngToCells(
            latitudes: [0, .nan, 10, .infinity, 43.65], longitudes: [0, 0, -.infinity, 0, -79.38], resolution: 8)
        #expect(cells.map { $0 == 0 } == [false, true, true, true, false])
        #expect(H3Cell(cells[4]) != nil)
    }

    @Test func writesIntoTheCallersBuffer() throws {
        var cells = [UInt64](repeating: .max, count: 2)
        var span = cells.mutableSpan
        try latLngToCells(latitudes: [1, .nan].span, longitudes: [2, 0].span, resolution: 5, into: &span)
        #expect(cells == [try H3Cell(latitude: 1, longitude: 2, resolution: 5).bits, 0])
    }

    @Test func refusesArraysOfDifferentLength() {
        #expect(throws: H3Error.memoryBounds) {
            try latLngToCells(latitudes: [1, 2], longitudes: [3], resolution: 5)
        }
        #expect(throws: H3Error.memoryBounds) {
            try latLngToCells(latitudes: [1], longitudes: [3, 4], resolution: 5)
        }
    }
}
