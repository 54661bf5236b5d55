/// Cuts geometries at the antimeridian, as RFC 7946, section 3.1.9 asks for.
///
/// An edge whose longitudes differ by more than 180 degrees is taken to go the short way, over the antimeridian. An
/// edge from -180 to 180 exactly is not: it goes around the globe along a parallel, as the frame of a world map does.
enum Antimeridian {
    /// The geometry with all longitudes from -180 to 180 and nothing that crosses the antimeridian.
    /// - Parameter geometry: Longitudes and latitudes in degrees; longitudes may be beyond 180.
    static func cut(_ geometry: Geometry) -> Geometry {
        guard needsCut(geometry) else { return geometry }
        switch geometry {
        case .point(let position): return .point(wrapped(position))
        case .points(let positions): return .points(positions.map(wrapped))
        case .line(let line):
            let parts = cut(line)
            return parts.count == 1 ? .line(parts[0]) : .lines(parts)
        case .lines(let lines): return .lines(lines.flatMap { needsCut(.line($0)) ? cut($0) : [$0] })
        case .polygon(let polygon):
            let parts = cut(polygon)
            return parts.count == 1 ? .polygon(parts[0]) : .polygons(parts)
        case .polygons(let polygons):
            return .polygons(polygons.flatMap { needsCut(.polygon($0)) ? cut($0) : [$0] })
        case .collection(let members): return .collection(members.map(cut))
        }
    }

    private static func needsCut(_ geometry: Geometry) -> Bool {
        var found = false
        geometry.forEachPart { positions, part in
            if found { return }
            found = positions.contains { abs($0.x) > 180 }
            if part == .points { return }
            found = found || positions.indices.dropLast().contains { crosses(positions[$0], positions[$0 + 1]) }
        }
        return found
    }

    private static func crosses(_ from: Position, _ to: Position) -> Bool {
        abs(from.x - to.x) > 180 && !(abs(from.x) == 180 && abs(to.x) == 180)
    }

    private static func wrapped(_ position: Position) -> Position {
        guard abs(position.x) > 180 else { return position }
        let x = position.x - 360 * (position.x / 360).rounded()
        return Position(x, position.y)
    }

    /// A piece of a ring or line between two crossings of the antimeridian.
    private struct Chain {
        var positions: [Position]
        /// The crossing at which the chain begins, and whether it begins at 180 and not at -180.
        var start: (crossing: Int, isEast: Bool)?
        var end: (crossing: Int, isEast: Bool)?
    }

    /// Cuts a line; `crossings` gets the latitude of each crossing.
    private static func chains(_ line: [Position], _ crossings: inout [Double]) -> [Chain] {
        var chains: [Chain] = []
        var chain = Chain(positions: [])
        for position in line {
            let next = wrapped(position)
            guard let last = chain.positions.last, crosses(last, next) else {
                chain.positions.append(next)
                continue
            }
            // The short way: eastwards when the next longitude, a turn on, is nearer.
            let isEast = last.x > next.x
            let end = isEast ? 180.0 : -180.0
            let there = next.x + (isEast ? 360 : -360)
            let share = there == last.x ? 0 : (end - last.x) / (there - last.x)
            let latitude = last.y + share * (next.y - last.y)
            let crossing = crossings.count
            crossings.append(latitude)
            chain.positions.append(Position(end, latitude))
            chain.end = (crossing, isEast)
            chains.append(chain)
            chain = Chain(positions: [Position(-end, latitude), next], start: (crossing, !isEast))
        }
        chains.append(chain)
        return chains
    }

    private static func cut(_ line: [Position]) -> [[Position]] {
        var crossings: [Double] = []
        return chains(line, &crossings).map { Ring.withoutRepeats($0.positions) }.filter { $0.count > 1 }
    }

    /// Cuts a polygon.
    ///
    /// The latitudes at which its rings cross the antimeridian, in order, bound by pairs the parts of the antimeridian
    /// that are within the polygon. Along these parts the chains of each side are joined into rings. An odd number of
    /// crossings means that the polygon contains a pole, which then is the end of the last part.
    private static func cut(_ polygon: Polygon) -> [Polygon] {
        var crossings: [Double] = []
        var whole: [[Position]] = []
        var open: [Chain] = []
        for ring in polygon.rings {
            var parts = chains(ring, &crossings)
            if parts.count == 1 {
                whole.append(parts[0].positions)
                continue
            }
            // The ring's first and last position are the same: the last chain goes on as the first.
            let last = parts.removeLast()
            parts[0] = Chain(
                positions: last.positions + parts[0].positions.dropFirst(), start: last.start, end: parts[0].end)
            open += parts
        }
        if crossings.count % 2 == 1 {
            let isSouth = crossings.reduce(0, +) < 0
            let pole = isSouth ? -90.0 : 90.0
            open.append(
                Chain(
                    positions: [Position(180, pole), Position(-180, pole)], start: (crossings.count, true),
                    end: (crossings.count, false)))
            crossings.append(pole)
        }
        let order = crossings.indices.sorted { (crossings[$0], $0) < (crossings[$1], $1) }
        var partner = [Int](repeating: 0, count: crossings.count)
        for pair in stride(from: 0, to: order.count - 1, by: 2) {
            partner[order[pair]] = order[pair + 1]
            partner[order[pair + 1]] = order[pair]
        }
        whole += joined(open, partner)
        let rings = whole.map { Ring.closed(Ring.withoutRepeats($0)) }
        return PolygonAssembly(rings, outerIsClockwise: nil).polygons
    }

    /// Joins chains into rings, from the end of each to the chain that begins or ends at the partner of its crossing.
    private static func joined(_ chains: [Chain], _ partner: [Int]) -> [[Position]] {
        // The chain at each side of each crossing: 2 * crossing for the west side, one more for the east side.
        var ends: [Int: (chain: Int, isStart: Bool)] = [:]
        func key(_ end: (crossing: Int, isEast: Bool)) -> Int { 2 * end.crossing + (end.isEast ? 1 : 0) }
        for (number, chain) in chains.enumerated() {
            if let start = chain.start { ends[key(start)] = (number, true) }
            if let end = chain.end { ends[key(end)] = (number, false) }
        }
        var isUsed = [Bool](repeating: false, count: chains.count)
        var rings: [[Position]] = []
        for first in chains.indices where !isUsed[first] {
            var ring: [Position] = []
            var current = (chain: first, isStart: true)
            while !isUsed[current.chain] {
                isUsed[current.chain] = true
                let chain = chains[current.chain]
                ring += current.isStart ? chain.positions : chain.positions.reversed()
                guard let end = current.isStart ? chain.end : chain.start,
                    let next = ends[key((partner[end.crossing], end.isEast))]
                else { break }
                current = next
            }
            rings.append(ring)
        }
        return rings
    }
}
