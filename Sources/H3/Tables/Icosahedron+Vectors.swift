// Tables are read element by element, because passing a whole table would copy it. Faces are always 0...19.
extension Icosahedron {
    /// The centre of a face, a point of the sphere.
    @inline(__always)
    static func center(of face: Int) -> Vector3 {
        let base = 3 * face
        return Vector3(x: centers[unchecked: base], y: centers[unchecked: base + 1], z: centers[unchecked: base + 2])
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
            Vector3(x: axes[unchecked: base], y: axes[unchecked: base + 1], z: axes[unchecked: base + 2]),
            Vector3(x: axes[unchecked: base + 3], y: axes[unchecked: base + 4], z: axes[unchecked: base + 5])
        )
    }
}
