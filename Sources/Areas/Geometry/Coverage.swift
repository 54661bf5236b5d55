/// Polygons that share borders, as arcs: a border that two polygons share is one arc, which both refer to.
///
/// Borders are shared where they have the same vertices, to a small distance: programs that write each area by itself
/// often give the same corner other last digits. An arc goes from one junction to the next: a position where
/// borders part, or where a line ends. A ring that meets no junction is one arc that begins and ends where its smallest
/// position is.
struct Coverage {
    /// The different positions.
    var positions: [Position] { vertices.positions }
    /// The numbers of the positions of each arc.
    private(set) var arcs: [[Int32]] = []
    /// Whether an arc is a ring without a junction.
    private(set) var isLoop: [Bool] = []
    /// The geometries, with the arcs of each ring in the place of its positions. A negative number `n` is arc `~n`
    /// backwards.
    private(set) var parts: [[Int32]] = []

    private var vertices = VertexTable()
    private var lines: [(vertices: [Int32], isRing: Bool)] = []

    /// - Parameter parts: The rings and lines. A ring's last position is its first.
    init(_ parts: [(positions: [Position], isRing: Bool)]) {
        for part in parts {
            var vertices: [Int32] = []
            vertices.reserveCapacity(part.positions.count)
            for position in part.positions {
                let vertex = self.vertices.number(of: position)
                if vertices.last != vertex { vertices.append(vertex) }
            }
            lines.append((vertices, part.isRing && vertices.count > 3))
        }
        self.vertices.removeIndex()
        cut()
        lines = []
    }

    /// The positions of a part, put together from the arcs as they are in `arcs`.
    func positions(ofPart part: Int, arcs: [[Int32]]) -> [Position] {
        var result: [Position] = []
        for reference in parts[part] {
            let isForward = reference >= 0
            let arc = arcs[Int(isForward ? reference : ~reference)]
            for index in arc.indices where index > 0 || result.isEmpty {
                result.append(positions[Int(arc[isForward ? index : arc.count - 1 - index])])
            }
        }
        return result
    }

    // MARK: Arcs

    private mutating func cut() {
        let isJunction = junctions()
        var known: [ArcKey: [Int32]] = [:]
        for line in lines {
            var vertices = line.vertices
            var references: [Int32] = []
            var isWhole = false
            if line.isRing {
                let ring = Array(vertices.dropLast())
                if let start = ring.firstIndex(where: { isJunction[Int($0)] }) {
                    vertices = Array(ring[start...] + ring[...start])
                } else {
                    // Equal rings get the same start, whatever theirs was.
                    let start = ring.indices.min { ring[$0] < ring[$1] } ?? 0
                    vertices = Array(ring[start...] + ring[...start])
                    isWhole = true
                }
            }
            var start = 0
            for index in vertices.indices.dropFirst()
            where index == vertices.count - 1 || isJunction[Int(vertices[index])] {
                references.append(arc(Array(vertices[start...index]), isLoop: isWhole, &known))
                start = index
            }
            parts.append(references)
        }
    }

    /// Whether borders part at each position: its neighbours in one line or ring are not those in another.
    private func junctions() -> [Bool] {
        var isJunction = [Bool](repeating: false, count: positions.count)
        var neighbours = [(Int32, Int32)](repeating: (-1, -1), count: positions.count)
        // The last line that each position was seen in: one that a line meets twice is a junction, too.
        var seen = [Int32](repeating: -1, count: positions.count)
        for (number, line) in lines.enumerated() {
            let vertices = line.vertices
            if !line.isRing {
                if let first = vertices.first { isJunction[Int(first)] = true }
                if let last = vertices.last { isJunction[Int(last)] = true }
            }
            for index in vertices.indices.dropLast() {
                guard index > 0 || line.isRing else { continue }
                let before = index > 0 ? vertices[index - 1] : vertices[vertices.count - 2]
                let pair = (min(before, vertices[index + 1]), max(before, vertices[index + 1]))
                let vertex = Int(vertices[index])
                if seen[vertex] == Int32(number) { isJunction[vertex] = true }
                seen[vertex] = Int32(number)
                if neighbours[vertex].0 < 0 {
                    neighbours[vertex] = pair
                } else if neighbours[vertex] != pair {
                    isJunction[vertex] = true
                }
            }
        }
        return isJunction
    }

    private struct ArcKey: Hashable {
        let first: Int32
        let second: Int32
        let last: Int32
    }

    /// The number of an arc, or `~number` when it is known in the other direction.
    private mutating func arc(_ vertices: [Int32], isLoop: Bool, _ known: inout [ArcKey: [Int32]]) -> Int32 {
        let reversed = Array(vertices.reversed())
        // The direction that is kept begins with the smaller end, and where both ends are the same, with the smaller
        // neighbour of it.
        let isForward = (vertices[0], vertices[1]) <= (reversed[0], reversed[1])
        let kept = isForward ? vertices : reversed
        let key = ArcKey(first: kept[0], second: kept[1], last: kept[kept.count - 1])
        for number in known[key] ?? [] where arcs[Int(number)] == kept { return isForward ? number : ~number }
        let number = Int32(arcs.count)
        arcs.append(kept)
        self.isLoop.append(isLoop)
        known[key, default: []].append(number)
        return isForward ? number : ~number
    }
}
