/// The H3 resolution that suits a zoom: cells large enough to see, and at most some thousand of them in a tile.
enum ResolutionByZoom {
    /// What suits places that ask for no zoom, such as lists.
    static let ofLists = 8

    private static let table: [(zooms: ClosedRange<Int>, resolution: Int)] = [
        (0...7, 5), (8...9, 6), (10...10, 7), (11...12, 8), (13...30, 9),
    ]

    /// The one that suits the zoom best, were every one scored.
    static func resolution(zoom: Int) -> Int {
        table.first { $0.zooms.contains(zoom) }?.resolution ?? ofLists
    }

    /// The one of `available` that is nearest to `wanted`; `nil` when there is none.
    ///
    /// Of two that are equally near the coarser, which has fewer cells.
    static func nearest(to wanted: Int, available: [Int]) -> Int? {
        available.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
    }
}
