import Testing

@testable import Tiles

@Suite struct ResolutionByZoomTests {
    @Test(arguments: [
        (0, 5), (7, 5), (8, 6), (9, 6), (10, 7), (11, 8), (12, 8), (13, 9), (14, 9), (22, 9),
    ])
    func everyZoomHasItsResolution(zoom: Int, resolution: Int) {
        #expect(ResolutionByZoom.usual.resolution(zoom: zoom) == resolution)
    }

    @Test func theNearestThatIsScoredIsTaken() {
        #expect(ResolutionByZoom.nearest(to: 5, available: [7, 9]) == 7)
        #expect(ResolutionByZoom.nearest(to: 9, available: [5, 6]) == 6)
        #expect(ResolutionByZoom.nearest(to: 8, available: [7, 9]) == 7, "of two the coarser")
        #expect(ResolutionByZoom.nearest(to: 8, available: []) == nil)
    }

    /// The mean area of a hexagon is the earth's surface divided by the number of cells, 2 + 120 * 7^r (uber/h3, "Table
    /// of cell statistics"). At 60 degrees a tile has a quarter of its area at the equator.
    @Test(arguments: 5...22)
    func aTileHoldsAtMostSomeThousandCells(zoom: Int) {
        let resolution = ResolutionByZoom.usual.resolution(zoom: zoom)
        var cells = 120.0
        for _ in 0..<resolution { cells *= 7 }
        var tiles = 1.0
        for _ in 0..<zoom { tiles *= 4 }
        // At the equator a tile covers pi times the mean share, because the square world is stretched most where it is
        // widest.
        #expect(cells / tiles * .pi < 7000)
    }

    @Test func aTableSaysFromWhichZoomOnAResolutionIsTaken() throws {
        let table = try ResolutionByZoom("0=3,6=5,20=15")
        #expect([0, 5, 6, 19, 20, 22].map(table.resolution) == [3, 3, 5, 5, 15, 15])
        #expect(try ResolutionByZoom("0=5,8=6,10=7,11=8,13=9") == .usual)
    }

    @Test(arguments: [
        ("", "ZOOM=RESOLUTION"), ("5", "ZOOM=RESOLUTION"), ("0=5,", "ZOOM=RESOLUTION"), ("0=a", "ZOOM=RESOLUTION"),
        ("0=5=6", "ZOOM=RESOLUTION"), ("1=5", "begin at zoom 0"), ("0=5,0=6", "only once"), ("0=16", "0 to 15"),
        ("0=-1", "0 to 15"), ("0=5,23=9", "0 to 22"), ("0=5,8=6,8=7", "must ascend"), ("0=5,8=6,7=7", "must ascend"),
        ("0=5,8=4", "coarser"),
    ])
    func aTableThatMakesNoSenseIsRefusedWithTheReason(text: String, reason: String) {
        let fault = #expect(throws: ResolutionByZoom.Fault.self) { try ResolutionByZoom(text) }
        #expect(fault?.description.contains(reason) == true, "\(fault?.description ?? "")")
    }
}
