extension FaceCoordinate {
    /// The length of a step at resolution 16 in the planes that touch the sphere at the faces' centres:
    /// 0.381966011250105 / 7^8.
    static let finestStep = 6.625831685258606e-08

    /// The point, in the plane that touches the sphere at the centre of the face, of a place at resolution 16.
    @inline(__always)
    var finestPoint: Vector3 {
        let (u, v) = Icosahedron.axes(of: face)
        let (i, j) = (Double(place.i), Double(place.j))
        let (x, y) = ((i - 0.5 * j) * Self.finestStep, j * (PlanePoint.sin60 * Self.finestStep))
        let center = Icosahedron.center(of: face)
        return Vector3(
            x: center.x + (u.x * x + v.x * y), y: center.y + (u.y * x + v.y * y), z: center.z + (u.z * x + v.z * y))
    }
}
