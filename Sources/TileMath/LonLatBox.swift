/// A box of longitudes and latitudes, in degrees (EPSG:4326, longitude first).
///
/// The box crosses the antimeridian when `west > east`.
package struct LonLatBox: Hashable, Sendable {
    package var west: Double
    package var south: Double
    package var east: Double
    package var north: Double

    package init(west: Double, south: Double, east: Double, north: Double) {
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }
}
