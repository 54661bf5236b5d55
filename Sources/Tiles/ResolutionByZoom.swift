/// The H3 resolution for each zoom: cells large enough to see, and not too many of them in a tile.
package struct ResolutionByZoom: Equatable, Sendable {
    /// The resolution of answers without a zoom, such as lists.
    package static let ofLists = 8
    /// The table of docs/http.md.
    package static let usual = Self(steps: [(0, 5), (8, 6), (10, 7), (11, 8), (13, 9)])
    private static let deepestZoom = 22

    /// The resolutions by zoom, 0 to 22.
    private let resolutions: [Int]

    /// - Parameter steps: Pairs of a zoom and the resolution from that zoom on; the first zoom is 0 and they ascend.
    private init(steps: [(zoom: Int, resolution: Int)]) {
        resolutions = (0...Self.deepestZoom).map { zoom in steps.last { $0.zoom <= zoom }?.resolution ?? Self.ofLists }
    }

    /// Parses a table such as `0=5,8=6,10=7`: zoom levels and the resolution from each on.
    /// - Throws: ``Fault`` when the text is not a table, does not begin at zoom 0, or its zooms or resolutions do not
    ///   ascend.
    package init(_ text: String) throws(Fault) {
        var steps: [(zoom: Int, resolution: Int)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "=", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let zoom = numbers[0], let resolution = numbers[1] else {
                throw Fault("\"\(part)\" does not have the form ZOOM=RESOLUTION")
            }
            guard (0...Self.deepestZoom).contains(zoom) else {
                throw Fault("\"\(part)\": a zoom must be from 0 to \(Self.deepestZoom)")
            }
            guard (0...15).contains(resolution) else { throw Fault("\"\(part)\": a resolution must be from 0 to 15") }
            guard steps.isEmpty == (zoom == 0) else {
                throw Fault("\"\(part)\": the table must begin at zoom 0, which occurs only once")
            }
            if let last = steps.last, zoom <= last.zoom || resolution < last.resolution {
                throw Fault("\"\(part)\": zooms must ascend, and resolutions must not become coarser")
            }
            steps.append((zoom, resolution))
        }
        self.init(steps: steps)
    }

    /// A fault in a table, in words for its author.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    /// The best resolution for a zoom, regardless of what is scored.
    package func resolution(zoom: Int) -> Int {
        resolutions[min(max(zoom, 0), Self.deepestZoom)]
    }

    /// The resolution of `available` that is nearest to `wanted`; `nil` when there is none.
    ///
    /// When two are equally near, it is the coarser one, which has fewer cells.
    package static func nearest(to wanted: Int, available: [Int]) -> Int? {
        available.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
    }
}
