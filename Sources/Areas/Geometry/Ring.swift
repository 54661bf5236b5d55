/// Measures and directions of closed rings.
enum Ring {
    /// Twice the area: positive for a ring that runs counter-clockwise. The first position is the origin of the sum, so
    /// that far-away coordinates lose no digits.
    static func doubleArea(_ ring: [Position]) -> Double {
        guard let origin = ring.first else { return 0 }
        var sum = 0.0
        var last = Position(0, 0)
        for position in ring.dropFirst() {
            let next = Position(position.x - origin.x, position.y - origin.y)
            sum += last.x * next.y - next.x * last.y
            last = next
        }
        return sum
    }

    /// The ring with its last position equal to the first.
    static func closed(_ ring: [Position]) -> [Position] {
        guard let first = ring.first, ring.last != first else { return ring }
        return ring + [first]
    }

    /// Whether the ring encloses anything: three different positions that are not on one line.
    static func isRing(_ ring: [Position]) -> Bool {
        ring.count >= 4 && doubleArea(ring) != 0
    }

    /// Whether the ring encloses anything, or may do so when it is cut at the antimeridian: a parallel around a pole
    /// has no area in the plane of longitude and latitude.
    static func mayBeRing(_ ring: [Position]) -> Bool {
        ring.count >= 4
            && (doubleArea(ring) != 0 || zip(ring, ring.dropFirst()).contains { abs($0.x - $1.x) > 180 })
    }

    /// The ring in the direction that is asked for.
    static func turned(_ ring: [Position], counterClockwise: Bool) -> [Position] {
        let area = doubleArea(ring)
        return area == 0 || (area > 0) == counterClockwise ? ring : ring.reversed()
    }

    /// The rings without repetitions of a position.
    static func withoutRepeats(_ ring: [Position]) -> [Position] {
        var result: [Position] = []
        result.reserveCapacity(ring.count)
        for position in ring where result.last != position { result.append(position) }
        return result
    }
}

extension Geometry {
    /// The geometry without rings that enclose nothing, which are counted; nil when nothing else is left.
    func withoutEmptyRings(_ count: inout Int) -> Geometry? {
        switch self {
        case .point, .points, .line, .lines: return self
        case .polygon(let polygon): return Self.cleaned(polygon, &count).map(Geometry.polygon)
        case .polygons(let polygons):
            let cleaned = polygons.compactMap { Self.cleaned($0, &count) }
            return cleaned.isEmpty ? nil : .polygons(cleaned)
        case .collection(let members):
            let cleaned = members.compactMap { $0.withoutEmptyRings(&count) }
            return cleaned.isEmpty ? nil : .collection(cleaned)
        }
    }

    private static func cleaned(_ polygon: Polygon, _ count: inout Int) -> Polygon? {
        guard Ring.isRing(polygon.shell) else {
            count += polygon.rings.count
            return nil
        }
        let holes = polygon.holes.filter(Ring.isRing)
        count += polygon.holes.count - holes.count
        return holes.count == polygon.holes.count ? polygon : Polygon(polygon.shell, holes: holes)
    }

    /// The geometry with outer rings counter-clockwise and holes clockwise (RFC 7946, section 3.1.6).
    package var rightHanded: Geometry {
        mapPolygons { polygons in
            polygons.map { polygon in
                Polygon(
                    Ring.turned(polygon.shell, counterClockwise: true),
                    holes: polygon.holes.map { Ring.turned($0, counterClockwise: false) })
            }
        }
    }
}
