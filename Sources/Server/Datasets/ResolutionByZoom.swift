/// The H3 resolution of each zoom: cells large enough to see, and no more of them in a tile than a screen can show.
package struct ResolutionByZoom: Equatable, Sendable {
    /// What suits places that ask for no zoom, such as lists.
    static let ofLists = 8
    /// The table of docs/http.md.
    package static let usual = Self(steps: [(0, 5), (8, 6), (10, 7), (11, 8), (13, 9)])
    private static let deepestZoom = 22

    /// By zoom, 0 to 22.
    private let resolutions: [Int]

    /// - Parameter steps: From which zoom on which resolution is taken; the zooms grow from 0.
    private init(steps: [(zoom: Int, resolution: Int)]) {
        resolutions = (0...Self.deepestZoom).map { zoom in steps.last { $0.zoom <= zoom }?.resolution ?? Self.ofLists }
    }

    /// Reads a table such as `0=5,8=6,10=7`: from which zoom on which resolution is taken.
    /// - Throws: ``Fault`` when it is none, does not begin at zoom 0, or its zooms or resolutions do not grow.
    package init(_ text: String) throws(Fault) {
        var steps: [(zoom: Int, resolution: Int)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "=", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let zoom = numbers[0], let resolution = numbers[1] else {
                throw Fault("\"\(part)\" is not of the form ZOOM=RESOLUTION")
            }
            guard (0...Self.deepestZoom).contains(zoom) else {
                throw Fault("\"\(part)\": a zoom is from 0 to \(Self.deepestZoom)")
            }
            guard (0...15).contains(resolution) else { throw Fault("\"\(part)\": a resolution is from 0 to 15") }
            guard steps.isEmpty == (zoom == 0) else {
                throw Fault("\"\(part)\": the table begins at zoom 0, and only there")
            }
            if let last = steps.last, zoom <= last.zoom || resolution < last.resolution {
                throw Fault("\"\(part)\": zooms must grow, and resolutions must not become coarser")
            }
            steps.append((zoom, resolution))
        }
        self.init(steps: steps)
    }

    /// What is wrong with a table, for the one who wrote it.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    /// The one that suits the zoom best, were every one scored.
    func resolution(zoom: Int) -> Int {
        resolutions[min(max(zoom, 0), Self.deepestZoom)]
    }

    /// The one of `available` that is nearest to `wanted`; `nil` when there is none.
    ///
    /// Of two that are equally near the coarser, which has fewer cells.
    static func nearest(to wanted: Int, available: [Int]) -> Int? {
        available.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
    }
}
