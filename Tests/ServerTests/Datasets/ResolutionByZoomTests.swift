import Risk
import Testing

@testable import Server

@Suite struct ResolutionByZoomTests {
    @Test(arguments: [
        (0, 5), (7, 5), (8, 6), (9, 6), (10, 7), (11, 8), (12, 8), (13, 9), (14, 9), (22, 9),
    ])
    func everyZoomHasItsResolution(zoom: Int, resolution: Int) {
        #expect(ResolutionByZoom.resolution(zoom: zoom) == resolution)
    }

    @Test func theNearestThatIsScoredIsTaken() {
        #expect(ResolutionByZoom.nearest(to: 5, available: [7, 9]) == 7)
        #expect(ResolutionByZoom.nearest(to: 9, available: [5, 6]) == 6)
        #expect(ResolutionByZoom.nearest(to: 8, available: [7, 9]) == 7, "of two the coarser")
        #expect(ResolutionByZoom.nearest(to: 8, available: []) == nil)
    }

    /// A hexagon of a resolution has on average the earth's surface divided by the number of cells, 2 + 120 * 7^r
    /// (uber/h3, "Table of cell statistics"); at 60 degrees a tile is a quarter of its area at the equator.
    @Test(arguments: 5...22)
    func aTileHoldsAtMostSomeThousandCells(zoom: Int) {
        let resolution = ResolutionByZoom.resolution(zoom: zoom)
        var cells = 120.0
        for _ in 0..<resolution { cells *= 7 }
        var tiles = 1.0
        for _ in 0..<zoom { tiles *= 4 }
        // At the equator a tile covers pi times the mean share: the square world is stretched most where it is widest.
        #expect(cells / tiles * .pi < 7000)
    }
}
