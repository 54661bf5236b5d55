/// A box in degrees, WGS 84. It crosses the antimeridian when `west` > `east`.
package struct BoundingBox: Hashable, Sendable {
    package let west: Double
    package let south: Double
    package let east: Double
    package let north: Double

    /// Creates a box; `nil` unless longitudes are within ±180, latitudes within ±90, and south is not above north.
    package init?(west: Double, south: Double, east: Double, north: Double) {
        guard (-180...180).contains(west), (-180...180).contains(east),
            (-90...90).contains(south), (-90...90).contains(north), south <= north
        else { return nil }
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    /// Parses west, south, east and north with commas, such as `-79.6,43.6,-79.1,43.9`; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        self.init(text.split(separator: ",", omittingEmptySubsequences: false))
    }

    /// Parses the texts of west, south, east and north.
    package init?(_ sides: [some StringProtocol]) {
        let degrees = sides.compactMap { Double($0) }
        guard sides.count == 4, degrees.count == 4 else { return nil }
        self.init(west: degrees[0], south: degrees[1], east: degrees[2], north: degrees[3])
    }

    /// Whether the point, in degrees, is inside or on the edge.
    @inlinable package func contains(longitude: Double, latitude: Double) -> Bool {
        guard (south...north).contains(latitude) else { return false }
        return west <= east ? (west...east).contains(longitude) : longitude >= west || longitude <= east
    }
}
