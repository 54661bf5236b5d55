#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A vector of three-dimensional space; a point of the unit sphere unless stated otherwise.
///
/// Sums are in the order x, y, z and no product is fused with a sum, as in the reference, because the last bit decides
/// which cell a point on an edge belongs to.
struct Vector3 {
    var x: Double
    var y: Double
    var z: Double

    init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The point of the sphere at a latitude and longitude in radians.
    init(latitude: Double, longitude: Double) {
        let radius = cos(latitude)
        self.init(x: cos(longitude) * radius, y: sin(longitude) * radius, z: sin(latitude))
    }

    /// The latitude and longitude of the point.
    var latLng: LatLng { LatLng(latitudeRadians: asin(z), longitudeRadians: atan2(y, x)) }

    func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

    /// The vector of length 1 in the same direction; the zero vector is not changed.
    var normalized: Vector3 {
        let length = dot(self).squareRoot()
        return length > 0 ? self * (1 / length) : self * 0
    }

    static func + (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(x: left.x + right.x, y: left.y + right.y, z: left.z + right.z)
    }

    static func - (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(x: left.x - right.x, y: left.y - right.y, z: left.z - right.z)
    }

    static func * (left: Vector3, right: Double) -> Vector3 {
        Vector3(x: left.x * right, y: left.y * right, z: left.z * right)
    }
}
