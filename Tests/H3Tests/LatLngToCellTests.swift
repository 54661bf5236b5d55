import H3
import Testing

struct LatLngToCellTests {
    @Test func givesTheCellsOfTheReferenceAtEveryResolution() throws {
        for line in try golden("points.txt") {
            let latitude = try #require(Double(line[0]))
            let longitude = try #require(Double(line[1]))
            for resolution in Resolution.allCases {
                let cell = try H3Cell(latitude: latitude, longitude: longitude, resolution: resolution)
                #expect(cell.description == line[2 + resolution.number], "\(latitude) \(longitude) at \(resolution)")
            }
        }
    }

    @Test(arguments: [Double.nan, .signalingNaN, .infinity, -.infinity])
    func refusesCoordinatesThatAreNotFinite(number: Double) {
        #expect(throws: H3Error.latLngDomain) { try H3Cell(latitude: number, longitude: 0, resolution: 9) }
        #expect(throws: H3Error.latLngDomain) { try H3Cell(latitude: 0, longitude: number, resolution: 9) }
    }

    @Test(arguments: [Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -1e300])
    func answersAValidCellForAnyFiniteNumber(number: Double) throws {
        for resolution in Resolution.allCases {
            let cell = try H3Cell(latitude: number, longitude: -number, resolution: resolution)
            #expect(H3Cell.isValid(cell.bits))
        }
    }

    @Test func theCellOfACellsCenterIsTheCell() throws {
        for point in RandomPoints(seed: 1, count: 400) {
            for resolution in Resolution.allCases {
                let cell = try H3Cell(
                    latitude: point.latitude, longitude: point.longitude, resolution: resolution)
                #expect(H3Cell.isValid(cell.bits))
                let center = cell.center
                let again = try H3Cell(
                    latitude: center.latitude, longitude: center.longitude, resolution: resolution)
                #expect(again == cell)
            }
        }
    }
}
