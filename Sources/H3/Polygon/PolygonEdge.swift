/// An edge of a line of a polygon, in radians.
struct PolygonEdge {
    var start: AnglePoint
    var end: AnglePoint

    /// The number of its line: 0 for the shell, then the holes.
    var line: Int

    /// Whether the edge and the line from `a` to `b` have a point in common; parallel ones have none.
    static func cross(_ start: AnglePoint, _ end: AnglePoint, _ a: AnglePoint, _ b: AnglePoint) -> Bool {
        let (east, north) = (end.longitude - start.longitude, end.latitude - start.latitude)
        let (otherEast, otherNorth) = (b.longitude - a.longitude, b.latitude - a.latitude)
        let denominator = otherEast * north - otherNorth * east
        guard denominator != 0 else { return false }
        let (fromEast, fromNorth) = (start.longitude - a.longitude, start.latitude - a.latitude)
        let own = (otherNorth * fromEast - otherEast * fromNorth) / denominator
        guard own >= 0, own <= 1 else { return false }
        let its = (north * fromEast - east * fromNorth) / denominator
        return its >= 0 && its <= 1
    }
}
