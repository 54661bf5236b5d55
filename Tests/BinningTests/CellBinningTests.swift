import H3
import Testing

@testable import Binning

struct CellBinningTests {
    /// On a processor with AVX2 this compares its kernel with the portable one.
    @Test(arguments: Resolution.allCases)
    func givesTheCellsOfThePortableCall(resolution: Resolution) throws {
        var random = SystemRandomNumberGenerator()
        var latitudes = (0..<5003).map { _ in Double.random(in: -90...90, using: &random) }
        var longitudes = (0..<5003).map { _ in Double.random(in: -180...180, using: &random) }
        latitudes += [.nan, 0, .infinity, 90, -90, 91, 0, 0, -0.0]
        longitudes += [0, .nan, 0, 0, 180, 200, 180, -180, 540]
        let cells = try CellBinning.latLngToCells(
            latitudes: latitudes, longitudes: longitudes, resolution: resolution)
        #expect(try cells == latLngToCells(latitudes: latitudes, longitudes: longitudes, resolution: resolution))
        #expect(cells.filter { $0 == 0 }.count == 3)
    }

    @Test func refusesWhatThePortableCallRefuses() {
        #expect(throws: H3Error.memoryBounds) {
            try CellBinning.latLngToCells(latitudes: [1, 2], longitudes: [3], resolution: 5)
        }
    }
}
