/// Decides whether a point is within a closed line, by counting the edges that a ray to the east meets.
struct RayCast {
    private(set) var isInside = false

    /// Whether the point or its ray comes so near to an edge or a vertex that rounding could matter.
    private(set) var isNearEdge = false
    private var latitude: Double
    private var longitude: Double
    private let shift: LongitudeShift

    /// Creates a ray cast. The point must be in the box of the line, `box`.
    init(_ point: AnglePoint, box: AngleBox) {
        shift = box.isTransmeridian ? .east : .none
        latitude = point.latitude
        longitude = shift.shifted(point.longitude)
    }

    /// Adds an edge of the line. The order of the edges matters only where the ray meets a vertex.
    mutating func meet(_ edge: PolygonEdge) {
        var (low, high) = (edge.start, edge.end)
        if low.latitude > high.latitude { swap(&low, &high) }
        if min(abs(latitude - low.latitude), abs(latitude - high.latitude)) < AngleBox.rounding { isNearEdge = true }
        // A ray through a vertex would meet two edges there.
        if latitude == low.latitude || latitude == high.latitude { latitude += Double.ulpOfOne }
        guard latitude >= low.latitude, latitude <= high.latitude else { return }
        let (lowLongitude, highLongitude) = (shift.shifted(low.longitude), shift.shifted(high.longitude))
        if lowLongitude == longitude || highLongitude == longitude { longitude -= Double.ulpOfOne }
        let part = (latitude - low.latitude) / (high.latitude - low.latitude)
        let meeting = shift.shifted(lowLongitude + (highLongitude - lowLongitude) * part)
        if abs(meeting - longitude) < AngleBox.rounding { isNearEdge = true }
        if meeting > longitude { isInside.toggle() }
    }
}
