/// A drawn polygon: one or more polygons in degrees, WGS 84, that a client sends.
///
/// As in GeoJSON (RFC 7946, 3.1.9), none crosses the antimeridian. A shape across it is drawn as two polygons.
package struct DrawnPolygon: Hashable, Sendable {
    package struct Position: Hashable, Sendable {
        /// The longitude, -180 to 180.
        package let longitude: Double
        /// The latitude, -90 to 90.
        package let latitude: Double

        package init(longitude: Double, latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
        }
    }

    /// The rings of each polygon, closed, the outer one first.
    package let polygons: [[[Position]]]
    /// Whether the polygons are separate shapes, which may overlap. Those of one shape must not.
    package let mayOverlap: Bool

    package init(polygons: [[[Position]]], mayOverlap: Bool = false) {
        self.polygons = polygons
        self.mayOverlap = mayOverlap
    }
}
