/// A polygon on the sphere: a closed line and the holes in it, in degrees.
///
/// A line need not repeat its first vertex at the end, and may run in either direction. Its edges are straight in
/// latitude and longitude. A line with an edge of more than 180 degrees of longitude crosses the antimeridian. No line
/// can go around a pole.
public struct GeoPolygon: Hashable, Sendable {
    /// The outer line. With fewer than three vertices it has no area; without any the polygon is empty.
    public var shell: [LatLng]

    /// The lines of the holes.
    public var holes: [[LatLng]]

    /// Creates a polygon from its lines, which are not checked.
    public init(shell: [LatLng], holes: [[LatLng]] = []) {
        self.shell = shell
        self.holes = holes
    }
}
