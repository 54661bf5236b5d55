import Domain

extension BoundingBox {
    /// Whether the point, in degrees, is inside or on the edge.
    func contains(longitude: Double, latitude: Double) -> Bool {
        guard (south...north).contains(latitude) else { return false }
        return west <= east ? (west...east).contains(longitude) : longitude >= west || longitude <= east
    }
}
