/// A point of the plane of a face, with the face's centre at the origin and the i axis along x.
///
/// The unit is the distance between the centres of neighbouring cells of the resolution at hand.
struct PlanePoint {
    var x: Double
    var y: Double

    /// Half the square root of 3.
    static let sin60 = 0.8660254037844386

    /// The intersection of the line through `a` and `b` with the line through `c` and `d`, which must not be parallel.
    static func intersection(_ a: PlanePoint, _ b: PlanePoint, _ c: PlanePoint, _ d: PlanePoint) -> PlanePoint {
        let (ux, uy) = (b.x - a.x, b.y - a.y)
        let (vx, vy) = (d.x - c.x, d.y - c.y)
        let t = (vx * (a.y - c.y) - vy * (a.x - c.x)) / (-vx * uy + ux * vy)
        return PlanePoint(x: a.x + t * ux, y: a.y + t * uy)
    }

    /// Whether both coordinates are equal within the precision of a single float at 1.
    func isClose(to other: PlanePoint) -> Bool {
        let tolerance = Double(Float.ulpOfOne)
        return abs(x - other.x) < tolerance && abs(y - other.y) < tolerance
    }
}
