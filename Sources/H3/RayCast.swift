/// Whether a point lies within one closed line: edge by edge, how often a ray to the east meets it.
struct RayCast {
    private(set) var isInside = false
    private var latitude: Double
    private var longitude: Double
    private let shift: LongitudeShift

    /// The point must lie in the box of the line, `box`.
    init(_ point: AnglePoint, box: AngleBox) {
        shift = box.isTransmeridian ? .east : .none
        latitude = point.latitude
        longitude = shift.shifted(point.longitude)
    }

    /// Takes an edge of the line into account; their order counts only where the ray meets a vertex.
    mutating func meet(_ edge: PolygonEdge) {
        var (low, high) = (edge.start, edge.end)
        if low.latitude > high.latitude { swap(&low, &high) }
        // A ray through a vertex would meet two edges there.
        if latitude == low.latitude || latitude == high.latitude { latitude += Double.ulpOfOne }
        guard latitude >= low.latitude, latitude <= high.latitude else { return }
        let (lowLongitude, highLongitude) = (shift.shifted(low.longitude), shift.shifted(high.longitude))
        if lowLongitude == longitude || highLongitude == longitude { longitude -= Double.ulpOfOne }
        let part = (latitude - low.latitude) / (high.latitude - low.latitude)
        if shift.shifted(lowLongitude + (highLongitude - lowLongitude) * part) > longitude { isInside.toggle() }
    }
}
