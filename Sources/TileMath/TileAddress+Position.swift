extension TileAddress {
    /// Creates the address of the tile that contains a position.
    ///
    /// A position on an edge belongs to the tile east or south of it, except that longitude 180 belongs to the last
    /// column. Latitudes beyond ``WebMercator/maximumLatitude`` are in the first or last row.
    ///
    /// - Parameters:
    ///   - longitude: In degrees, -180...180.
    ///   - latitude: In degrees, -90...90.
    ///   - z: Zoom level, 0...``deepestZoom``.
    /// - Returns: nil if a number is out of its range or not finite.
    package init?(longitude: Double, latitude: Double, z: Int) {
        guard (0...Self.deepestZoom).contains(z), (-180...180).contains(longitude), (-90...90).contains(latitude)
        else { return nil }
        self.init(uncheckedZ: z, x: Self.column(of: longitude, z: z), y: Self.row(of: latitude, z: z))
    }

    static func column(of longitude: Double, z: Int) -> Int {
        let columns = 1 << z
        return min(Int((longitude / 360 + 0.5) * Double(columns)), columns - 1)
    }

    static func row(of latitude: Double, z: Int) -> Int {
        let rows = 1 << z
        let limited = min(max(latitude, -WebMercator.maximumLatitude), WebMercator.maximumLatitude)
        let y = WebMercator.project(longitude: 0, latitude: limited).y
        // The limit itself projects to within a rounding error of the edge, on either side of it.
        return min(max(Int((0.5 - y / (2 * WebMercator.extent)) * Double(rows)), 0), rows - 1)
    }
}
