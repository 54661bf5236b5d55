// Read place by place: a whole table handed on as an argument would be copied.
extension Icosahedron {
    /// The centre of a face, a point of the sphere.
    @inline(__always)
    static func center(of face: Int) -> Vector3 {
        Vector3(x: centers[3 * face], y: centers[3 * face + 1], z: centers[3 * face + 2])
    }

    /// North in the plane that touches the sphere at the centre of a face.
    static func north(of face: Int) -> Vector3 {
        Vector3(x: norths[3 * face], y: norths[3 * face + 1], z: norths[3 * face + 2])
    }

    /// East in the plane that touches the sphere at the centre of a face.
    static func east(of face: Int) -> Vector3 {
        Vector3(x: easts[3 * face], y: easts[3 * face + 1], z: easts[3 * face + 2])
    }

    /// The x and y axes of a face's plane in Class II resolutions.
    @inline(__always)
    static func axes(of face: Int) -> (x: Vector3, y: Vector3) {
        let base = 6 * face
        return (
            Vector3(x: axes[base], y: axes[base + 1], z: axes[base + 2]),
            Vector3(x: axes[base + 3], y: axes[base + 4], z: axes[base + 5])
        )
    }
}
