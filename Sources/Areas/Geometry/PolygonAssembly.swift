/// Rings in any order and direction, as the polygons that they bound.
///
/// A shapefile says by the direction of a ring whether it is a hole, and not of which polygon. Because many files have
/// wrong directions, what lies within what decides: a ring within an even number of others bounds a polygon, one within
/// an odd number is a hole in the smallest ring around it.
struct PolygonAssembly {
    /// The polygons, in the order of their outer rings.
    private(set) var polygons: [Polygon] = []
    /// How many rings had the other direction than their place asks for.
    private(set) var wrongDirections = 0
    /// How many rings were left out because they enclose nothing.
    private(set) var emptyRings = 0

    /// - Parameters:
    ///   - rings: The rings; those that are not closed are closed.
    ///   - outerIsClockwise: The direction of outer rings in the format; nil where it has none.
    init(_ rings: [[Position]], outerIsClockwise: Bool?) {
        let all = rings.map(Ring.closed)
        let rings = all.filter(Ring.mayBeRing)
        emptyRings = all.count - rings.count
        guard rings.count > 1 else {
            polygons = rings.map { Polygon($0) }
            if let ring = rings.first, let outerIsClockwise, (Ring.doubleArea(ring) < 0) != outerIsClockwise {
                wrongDirections = 1
            }
            return
        }
        let areas = rings.map { abs(Ring.doubleArea($0)) }
        let parents = Self.parents(rings, areas)
        // Larger rings come first, so that the depth of a parent is known.
        var depths = [Int](repeating: 0, count: rings.count)
        for ring in rings.indices.sorted(by: { (areas[$1], $0) < (areas[$0], $1) }) {
            if let parent = parents[ring] { depths[ring] = depths[parent] + 1 }
        }
        var places: [Int: Int] = [:]
        for ring in rings.indices where depths[ring] % 2 == 0 {
            places[ring] = polygons.count
            polygons.append(Polygon(rings[ring]))
        }
        for ring in rings.indices where depths[ring] % 2 == 1 {
            if let parent = parents[ring], let place = places[parent] { polygons[place].holes.append(rings[ring]) }
        }
        if let outerIsClockwise {
            wrongDirections = rings.indices.count { ring in
                (Ring.doubleArea(rings[ring]) < 0) == (outerIsClockwise == (depths[ring] % 2 == 1))
            }
        }
    }

    /// The smallest ring around each ring.
    private static func parents(_ rings: [[Position]], _ areas: [Double]) -> [Int?] {
        let boxes = rings.map { Box($0) }
        var locators: [Int: RingLocator] = [:]
        func isWithin(_ inner: Int, _ outer: Int) -> Bool {
            let locator = locators[outer] ?? RingLocator([rings[outer]])
            locators[outer] = locator
            for position in rings[inner] {
                switch locator.place(of: position) {
                case .inside: return true
                case .outside: return false
                case .onBorder: continue
                }
            }
            // All corners are on the other ring: the middle of an edge that is not decides.
            for index in rings[inner].indices.dropLast() {
                let (from, to) = (rings[inner][index], rings[inner][index + 1])
                switch locator.place(of: Position((from.x + to.x) / 2, (from.y + to.y) / 2)) {
                case .inside: return true
                case .outside: return false
                case .onBorder: continue
                }
            }
            return false
        }
        // A sweep from west to east: a ring can only be within those that began before it and have not ended.
        var active: [Int] = []
        var parents = [Int?](repeating: nil, count: rings.count)
        let order = rings.indices.sorted {
            (boxes[$0].minX, -areas[$0], $0) < (boxes[$1].minX, -areas[$1], $1)
        }
        for ring in order {
            active.removeAll { boxes[$0].maxX < boxes[ring].minX }
            var best: Int?
            for other in active where areas[other] > areas[ring] && boxes[other].contains(boxes[ring]) {
                if let best, areas[best] <= areas[other] { continue }
                if isWithin(ring, other) { best = other }
            }
            parents[ring] = best
            active.append(ring)
        }
        return parents
    }
}
