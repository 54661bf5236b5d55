/// A point on the sphere, in degrees (WGS 84 coordinates taken as spherical, as everywhere in H3).
///
/// Each property and call takes constant time and allocates nothing. Coordinates that are not finite give results that
/// are not finite.
public struct LatLng: Hashable, Sendable {
    /// The latitude: degrees north of the equator. Results are in -90...90.
    public var latitude: Double

    /// The longitude: degrees east of Greenwich. Results are in -180...180.
    public var longitude: Double

    /// Creates a point from degrees.
    @inlinable
    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Creates a point from radians.
    @inlinable
    public init(latitudeRadians: Double, longitudeRadians: Double) {
        latitude = latitudeRadians * Self.degreesPerRadian
        longitude = longitudeRadians * Self.degreesPerRadian
    }

    /// The latitude in radians.
    @inlinable public var latitudeRadians: Double { latitude * Self.radiansPerDegree }

    /// The longitude in radians.
    @inlinable public var longitudeRadians: Double { longitude * Self.radiansPerDegree }

    @usableFromInline static var degreesPerRadian: Double { 57.29577951308232 }
    @usableFromInline static var radiansPerDegree: Double { 0.017453292519943295 }
}
