/// A point on the sphere, in degrees (WGS 84 coordinates taken as spherical, as everywhere in H3).
///
/// Each property and call takes constant time and allocates nothing. Numbers that are not finite give such as results.
public struct LatLng: Hashable, Sendable {
    /// Degrees north of the equator; results lie in -90...90.
    public var latitude: Double

    /// Degrees east of Greenwich; results lie in -180...180.
    public var longitude: Double

    /// A point from degrees.
    @inlinable
    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// A point from radians.
    @inlinable
    public init(latitudeRadians: Double, longitudeRadians: Double) {
        latitude = latitudeRadians * Self.degreesPerRadian
        longitude = longitudeRadians * Self.degreesPerRadian
    }

    /// Radians north of the equator.
    @inlinable public var latitudeRadians: Double { latitude * Self.radiansPerDegree }

    /// Radians east of Greenwich.
    @inlinable public var longitudeRadians: Double { longitude * Self.radiansPerDegree }

    @usableFromInline static var degreesPerRadian: Double { 57.29577951308232 }
    @usableFromInline static var radiansPerDegree: Double { 0.017453292519943295 }
}
