#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension LatLng {
    /// The distance to another point along a great circle, in radians, 0...pi: the haversine formula.
    public func greatCircleDistanceRadians(to other: LatLng) -> Double {
        let sineLatitude = sin((other.latitudeRadians - latitudeRadians) * 0.5)
        let sineLongitude = sin((other.longitudeRadians - longitudeRadians) * 0.5)
        let haversine =
            sineLatitude * sineLatitude
            + sineLongitude * sineLongitude * cos(latitudeRadians) * cos(other.latitudeRadians)
        return 2 * atan2(haversine.squareRoot(), (1 - haversine).squareRoot())
    }

    /// The distance to another point along a great circle, in kilometres.
    public func greatCircleDistanceKm(to other: LatLng) -> Double {
        greatCircleDistanceRadians(to: other) * Self.earthRadiusKm
    }

    /// The distance to another point along a great circle, in metres.
    public func greatCircleDistanceM(to other: LatLng) -> Double { greatCircleDistanceKm(to: other) * 1000 }

    /// The radius, in kilometres, of the sphere with the area of the WGS 84 ellipsoid.
    public static let earthRadiusKm = 6371.007180918475

    /// The angle in radians.
    public static func radians(fromDegrees degrees: Double) -> Double { degrees * radiansPerDegree }

    /// The angle in degrees.
    public static func degrees(fromRadians radians: Double) -> Double { radians * degreesPerRadian }
}
