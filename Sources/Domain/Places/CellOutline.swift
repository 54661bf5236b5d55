package import H3

/// The outline of a cell in the plane of longitude and latitude, cut at the edges of that plane.
///
/// A cell that crosses the antimeridian becomes two polygons, and a cell around a pole reaches up to it, as RFC 7946,
/// section 3.1.9, requires.
package struct CellOutline: Sendable {
    package struct Point: Hashable, Sendable {
        /// The longitude in degrees, -180 to 180.
        package let longitude: Double
        /// The latitude in degrees, -90 to 90.
        package let latitude: Double
    }

    /// One or two rings, closed and counter-clockwise.
    package let polygons: [[Point]]

    package init(_ cell: H3Cell) {
        let ring = cell.boundary.map { Point(longitude: $0.longitude, latitude: $0.latitude) }
        let steps = zip(ring, ring.dropFirst() + ring.prefix(1)).map { Self.step($1.longitude - $0.longitude) }
        let turn = steps.reduce(0, +)
        if abs(turn) > 180 {
            polygons = [Self.aroundPole(ring, eastward: turn > 0)]
        } else if zip(ring, ring.dropFirst()).contains(where: { abs($1.longitude - $0.longitude) > 180 }) {
            let shifted = ring.map {
                Point(longitude: $0.longitude < 0 ? $0.longitude + 360 : $0.longitude, latitude: $0.latitude)
            }
            let west = Self.clip(shifted, keepingWest: true)
            let east = Self.clip(shifted, keepingWest: false)
                .map { Point(longitude: $0.longitude - 360, latitude: $0.latitude) }
            polygons = [west, east].filter { $0.count > 2 }.map(Self.closed)
        } else {
            polygons = [Self.closed(ring)]
        }
    }

    /// The same angle the shorter way around the globe, -180 to 180.
    private static func step(_ degrees: Double) -> Double {
        degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees
    }

    private static func closed(_ ring: [Point]) -> [Point] {
        ring.first == ring.last ? ring : ring + ring.prefix(1)
    }

    /// The part of a ring with longitudes 0 to 360 that is on one side of 180 (Sutherland-Hodgman clipping).
    private static func clip(_ ring: [Point], keepingWest: Bool) -> [Point] {
        var kept: [Point] = []
        for (from, to) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
            let isFromInside = keepingWest ? from.longitude <= 180 : from.longitude >= 180
            let isToInside = keepingWest ? to.longitude <= 180 : to.longitude >= 180
            if isFromInside { kept.append(from) }
            if isFromInside != isToInside, from.longitude != 180, to.longitude != 180 {
                kept.append(Point(longitude: 180, latitude: latitude(at: 180, from, to)))
            }
        }
        return kept
    }

    private static func latitude(at longitude: Double, _ from: Point, _ to: Point) -> Double {
        let share = (longitude - from.longitude) / (to.longitude - from.longitude)
        return from.latitude + share * (to.latitude - from.latitude)
    }

    /// A ring that runs once around the globe, opened at the antimeridian and extended along the pole.
    private static func aroundPole(_ ring: [Point], eastward: Bool) -> [Point] {
        let pole = eastward ? 90.0 : -90.0
        // A vertex on the pole itself is on the added line anyway.
        let ordered = ring.filter { abs($0.latitude) < 90 }
            .sorted { eastward ? $0.longitude < $1.longitude : $0.longitude > $1.longitude }
        guard let first = ordered.first, let last = ordered.last else { return [] }
        let start = eastward ? -180.0 : 180.0
        let beyond = Point(longitude: first.longitude - 2 * start, latitude: first.latitude)
        let crossing = latitude(at: -start, last, beyond)
        return [Point(longitude: start, latitude: crossing)] + ordered + [
            Point(longitude: -start, latitude: crossing),
            Point(longitude: -start, latitude: pole),
            Point(longitude: start, latitude: pole),
            Point(longitude: start, latitude: crossing),
        ]
    }
}
