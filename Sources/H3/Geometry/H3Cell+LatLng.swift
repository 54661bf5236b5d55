extension H3Cell {
    /// The cell of `resolution` that contains a point given in degrees.
    ///
    /// Constant time; nothing is allocated. Every finite number is accepted, as in C: a longitude past 180 continues
    /// around the sphere, a latitude past 90 over the pole.
    ///
    /// - Throws: `latLngDomain` where a coordinate is not finite.
    public init(latitude: Double, longitude: Double, resolution: Resolution) throws(H3Error) {
        let point = LatLng(latitude: latitude, longitude: longitude)
        guard let cell = Self.cell(at: point, resolution: resolution.number) else { throw .latLngDomain }
        self = cell
    }

    /// The point at the middle of the cell.
    public var center: LatLng { FaceCoordinate(self).center(resolution: resolution.number) }

    /// The cell that contains a point, or nil where a coordinate is not finite.
    ///
    /// `resolution` is 0...15.
    static func cell(at point: LatLng, resolution: Int) -> H3Cell? {
        if let place = FaceCoordinate(quickly: point, resolution: resolution) {
            return place.cell(resolution: resolution)
        }
        guard point.latitude.isFinite, point.longitude.isFinite else { return nil }
        let vector = Vector3(latitude: point.latitudeRadians, longitude: point.longitudeRadians)
        return FaceCoordinate(exactly: vector, resolution: resolution).cell(resolution: resolution)
    }
}
