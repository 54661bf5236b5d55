/// An area of the sphere: a closed line and the holes in it, in degrees.
///
/// A line need not repeat its first vertex at the end, and may run either way round. Its edges are straight in latitude
/// and longitude. A line with an edge of more than 180 degrees of longitude crosses the antimeridian; none can go around
/// a pole.
public struct GeoPolygon: Hashable, Sendable {
    public var shell: [LatLng]
    public var holes: [[LatLng]]

    public init(shell: [LatLng], holes: [[LatLng]] = []) {
        self.shell = shell
        self.holes = holes
    }
}
