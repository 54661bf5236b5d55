/// An area that somebody drew: one or more polygons in degrees, WGS 84.
///
/// Like GeoJSON's (RFC 7946, 3.1.9), it ends at the antimeridian: what lies across is drawn as two polygons.
package struct PolygonArea: Hashable, Sendable {
    package struct Position: Hashable, Sendable {
        /// -180 to 180.
        package let longitude: Double
        /// -90 to 90.
        package let latitude: Double

        package init(longitude: Double, latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
        }
    }

    /// Of each polygon its rings, closed, the outer one first.
    package let polygons: [[[Position]]]

    package init(polygons: [[[Position]]]) {
        self.polygons = polygons
    }
}
