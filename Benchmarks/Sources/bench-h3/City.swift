import H3

/// The cells of a polygon.
struct City {
    let polygon: GeoPolygon
    let resolution: Resolution

    private static let turns = 20

    /// `coordinates` are the shell's latitudes and longitudes in turn.
    init(coordinates: [Double], resolution: Resolution) {
        polygon = GeoPolygon(
            shell: stride(from: 0, to: coordinates.count, by: 2).map {
                LatLng(latitude: coordinates[$0], longitude: coordinates[$0 + 1])
            })
        self.resolution = resolution
    }

    func run() throws {
        try run("polygonToCells", .center)
        try run("polygonToCellsExperimental center", .center)
        try run("polygonToCellsExperimental full", .full)
        try run("polygonToCellsExperimental overlapping", .overlapping)
        try run("polygonToCellsExperimental overlapping_bbox", .overlappingBoundingBox)
    }

    private func run(_ function: String, _ containment: ContainmentMode) throws {
        var buffer = try H3Cell.polygonToCells(polygon, resolution: resolution, containment: containment)
        let count = buffer.count
        try measure(function, resolution, items: Self.turns * count) {
            var sum: UInt64 = 0
            var span = buffer.mutableSpan
            for _ in 0..<Self.turns {
                _ = try H3Cell.polygonToCells(polygon, resolution: resolution, containment: containment, into: &span)
                for place in 0..<count { sum &+= span[place].bits }
            }
            return sum
        }
    }
}
