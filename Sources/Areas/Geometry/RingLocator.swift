/// Tells quickly, for many positions, whether they are within some rings.
///
/// The edges are sorted into bands of equal height, so that a position is compared only with those of its band.
struct RingLocator: Sendable {
    enum Place: Sendable {
        case inside
        case outside
        case onBorder
    }

    let box: Box
    let edges: [(from: Position, to: Position)]
    /// The edges of band `n` are `members[starts[n]..<starts[n + 1]]`.
    let starts: [Int]
    let members: [Int32]
    let bandsPerUnit: Double

    /// - Parameter rings: Closed rings. A position within an even number of them is outside.
    init(_ rings: [[Position]]) {
        var box = Box()
        var edges: [(from: Position, to: Position)] = []
        edges.reserveCapacity(rings.reduce(0) { $0 + $1.count })
        var heights = 0.0
        for ring in rings {
            for position in ring { box.extend(to: position) }
            for index in ring.indices.dropLast() where ring[index] != ring[index + 1] {
                edges.append((ring[index], ring[index + 1]))
                heights += abs(ring[index].y - ring[index + 1].y)
            }
        }
        // An edge stands in every band that it touches. So many bands that the lists together stay below five times the
        // edges.
        let wanted = heights > 0 ? 3 * Double(edges.count) * box.height / heights : 1
        let bands = max(1, min(edges.count, Int(max(1, min(wanted, 1e6)))))
        let bandsPerUnit = box.height > 0 ? Double(bands) / box.height : 0
        func band(_ y: Double) -> Int { max(0, min(bands - 1, Int((y - box.minY) * bandsPerUnit))) }
        var counts = [Int](repeating: 0, count: bands + 1)
        for edge in edges {
            for band in band(min(edge.from.y, edge.to.y))...band(max(edge.from.y, edge.to.y)) { counts[band + 1] += 1 }
        }
        for band in 0..<bands { counts[band + 1] += counts[band] }
        var members = [Int32](repeating: 0, count: counts[bands])
        var next = counts
        for (number, edge) in edges.enumerated() {
            for band in band(min(edge.from.y, edge.to.y))...band(max(edge.from.y, edge.to.y)) {
                members[next[band]] = Int32(number)
                next[band] += 1
            }
        }
        self.box = box
        self.edges = edges
        self.bandsPerUnit = bandsPerUnit
        starts = counts
        self.members = members
    }

    func place(of position: Position) -> Place {
        guard position.x >= box.minX, position.x <= box.maxX, position.y >= box.minY, position.y <= box.maxY else {
            return .outside
        }
        let band = max(0, min(starts.count - 2, Int((position.y - box.minY) * bandsPerUnit)))
        return edges.withUnsafeBufferPointer { edges in
            members.withUnsafeBufferPointer { members in
                Self.place(
                    of: position, among: UnsafeBufferPointer(rebasing: members[starts[band]..<starts[band + 1]]),
                    of: edges)
            }
        }
    }

    /// The place of a position by the edges that touch its height.
    /// - Parameters:
    ///   - members: The numbers of those edges, and maybe of others.
    ///   - edges: All edges.
    @inline(__always)
    static func place(
        of position: Position, among members: UnsafeBufferPointer<Int32>,
        of edges: UnsafeBufferPointer<(from: Position, to: Position)>
    ) -> Place {
        var isInside = false
        for member in members {
            let (from, to) = edges[Int(member)]
            // An edge counts where it passes the height of the position, with its lower end and without its upper.
            let passes = (from.y > position.y) != (to.y > position.y)
            let isLevel = from.y == position.y && to.y == position.y
            guard passes || isLevel || from == position || to == position else { continue }
            if isLevel {
                if min(from.x, to.x) <= position.x, position.x <= max(from.x, to.x) { return .onBorder }
                continue
            }
            let side = passes ? Orientation.side(from, to, position) : 0
            if from == position || to == position || (side == 0 && passes) { return .onBorder }
            if passes, (side > 0) == (to.y > from.y) { isInside.toggle() }
        }
        return isInside ? .inside : .outside
    }
}
