/// Leaves out vertices of a coverage's arcs, the least needed first, so that no border comes to cross another.
///
/// The area of the triangle that a vertex makes with its neighbours says how much it is needed (M. Visvalingam and
/// J. D. Whyatt, "Line generalisation by repeated elimination of points", 1993). A vertex stays while another vertex
/// of the coverage is in its triangle: so the line that replaces it crosses nothing. Junctions stay, and so does the
/// antimeridian. This is what PostGIS's `ST_CoverageSimplify` does, and the tolerance means the same.
struct CoverageSimplification {
    /// The numbers of the positions that each arc has left.
    private(set) var arcs: [[Int32]]

    private let positions: [Position]
    private let mostArea: Double
    /// The arc, and the neighbours there, of each vertex that may be left out.
    private var before: [Int32]
    private var after: [Int32]
    private var owner: [Int32]
    private var left: [Int]
    private var version: [Int32]
    private let index: VertexIndex
    private var isGone: [Bool]
    /// The pairs of junctions that have become one straight line: a second one would lie on it.
    private var straight: Set<UInt64> = []

    /// - Parameter tolerance: The side of a square, in the unit of the coordinates, whose area is the largest that a
    ///   vertex which is left out may make with its neighbours.
    init(_ coverage: Coverage, tolerance: Double) {
        positions = coverage.positions
        mostArea = tolerance * tolerance
        let count = positions.count
        before = [Int32](repeating: -1, count: count)
        after = [Int32](repeating: -1, count: count)
        owner = [Int32](repeating: -1, count: count)
        version = [Int32](repeating: 0, count: count)
        isGone = [Bool](repeating: false, count: count)
        left = coverage.arcs.map(\.count)
        arcs = []
        index = VertexIndex(positions)
        for (number, arc) in coverage.arcs.enumerated() {
            if arc.count == 2 { straight.insert(Self.pair(arc[0], arc[1])) }
            for place in arc.indices.dropFirst().dropLast() {
                let vertex = Int(arc[place])
                before[vertex] = arc[place - 1]
                after[vertex] = arc[place + 1]
                owner[vertex] = Int32(number)
            }
            if coverage.isLoop[number] {
                let vertex = Int(arc[0])
                before[vertex] = arc[arc.count - 2]
                after[vertex] = arc[1]
                owner[vertex] = Int32(number)
            }
        }
        run(coverage)
        arcs = coverage.arcs.enumerated().map { number, arc in
            var kept = arc.filter { !isGone[Int($0)] }
            if coverage.isLoop[number], isGone[Int(arc[0])] { kept.append(kept[0]) }
            return kept
        }
    }

    private mutating func run(_ coverage: Coverage) {
        var heap = Heap()
        func isFixed(_ vertex: Int) -> Bool { owner[vertex] < 0 || abs(positions[vertex].x) == 180 }
        for vertex in positions.indices where !isFixed(vertex) {
            heap.push(Heap.Entry(area: area(vertex), vertex: Int32(vertex), version: 0))
        }
        while let next = heap.pop() {
            let vertex = Int(next.vertex)
            guard next.version == version[vertex], !isGone[vertex] else { continue }
            guard next.area <= mostArea else { break }
            let arc = Int(owner[vertex])
            let (first, last) = (before[vertex], after[vertex])
            // A loop keeps three vertices, an arc its ends; `left` counts the start of a ring twice.
            let isRing = coverage.arcs[arc].first == coverage.arcs[arc].last
            guard left[arc] > (isRing ? 4 : 2) else { continue }
            let becomesStraight = left[arc] == 3 && !isRing
            if becomesStraight, straight.contains(Self.pair(first, last)) { continue }
            guard !hasOther(in: vertex, Int(first), Int(last)) else { continue }
            if becomesStraight { straight.insert(Self.pair(first, last)) }
            isGone[vertex] = true
            left[arc] -= 1
            if owner[Int(first)] == owner[vertex] { after[Int(first)] = last }
            if owner[Int(last)] == owner[vertex] { before[Int(last)] = first }
            for neighbour in [Int(first), Int(last)] where owner[neighbour] == owner[vertex] && !isFixed(neighbour) {
                version[neighbour] += 1
                heap.push(
                    Heap.Entry(area: area(neighbour), vertex: Int32(neighbour), version: version[neighbour]))
            }
        }
    }

    private static func pair(_ one: Int32, _ other: Int32) -> UInt64 {
        UInt64(UInt32(min(one, other))) << 32 | UInt64(UInt32(max(one, other)))
    }

    private func area(_ vertex: Int) -> Double {
        let (a, b, c) = (positions[Int(before[vertex])], positions[vertex], positions[Int(after[vertex])])
        return abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2
    }

    /// Whether a vertex that is left, other than the three, is in their triangle or on its border.
    private func hasOther(in vertex: Int, _ first: Int, _ last: Int) -> Bool {
        let (a, b, c) = (positions[first], positions[vertex], positions[last])
        return index.contains(a, b, c) { other in
            guard other != vertex, other != first, other != last, !isGone[other] else { return false }
            let p = positions[other]
            let s1 = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y)
            let s2 = (c.x - b.x) * (p.y - b.y) - (p.x - b.x) * (c.y - b.y)
            let s3 = (a.x - c.x) * (p.y - c.y) - (p.x - c.x) * (a.y - c.y)
            guard !(s1 == 0 && s2 == 0 && s3 == 0) else {
                // All on one line: between the neighbours or not.
                return min(a.x, b.x, c.x) <= p.x && p.x <= max(a.x, b.x, c.x) && min(a.y, b.y, c.y) <= p.y
                    && p.y <= max(a.y, b.y, c.y)
            }
            return (s1 >= 0 && s2 >= 0 && s3 >= 0) || (s1 <= 0 && s2 <= 0 && s3 <= 0)
        }
    }
}

/// A binary heap whose smallest area comes first.
private struct Heap {
    struct Entry {
        let area: Double
        let vertex: Int32
        let version: Int32

        /// Equal areas are taken in the order of the vertices, so that the outcome is always the same.
        static func < (one: Entry, other: Entry) -> Bool {
            one.area < other.area || (one.area == other.area && one.vertex < other.vertex)
        }
    }

    private var entries: [Entry] = []

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entry < entries[(child - 1) / 2] {
            entries[child] = entries[(child - 1) / 2]
            child = (child - 1) / 2
        }
        entries[child] = entry
    }

    mutating func pop() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
            guard entries[child] < last else { break }
            entries[parent] = entries[child]
            parent = child
        }
        entries[parent] = last
        return first
    }
}

/// A grid of vertices, some in each cell, to find those in a triangle.
private struct VertexIndex {
    private let box: Box
    private let columns: Int
    private let rows: Int
    private let starts: [Int32]
    private let members: [Int32]
    private let positions: [Position]

    init(_ positions: [Position]) {
        let box = Box(positions)
        // About two vertices a cell, in cells as near to squares as the box allows.
        let cells = max(1, Double(positions.count) / 2)
        let ratio = box.width > 0 && box.height > 0 ? (box.width / box.height).squareRoot() : 1
        let side = cells.squareRoot()
        let columns = max(1, min(1 << 14, Int(side * ratio)))
        let rows = max(1, min(1 << 14, Int(side / ratio)))
        self.box = box
        self.columns = columns
        self.rows = rows
        self.positions = positions
        var starts = [Int32](repeating: 0, count: columns * rows + 1)
        var cellOf = [Int32](repeating: 0, count: positions.count)
        for (number, position) in positions.enumerated() {
            let cell =
                Self.slot(position.y, box.minY, box.height, rows) * columns
                + Self.slot(position.x, box.minX, box.width, columns)
            cellOf[number] = Int32(cell)
            starts[cell + 1] += 1
        }
        for cell in 0..<columns * rows { starts[cell + 1] += starts[cell] }
        var next = starts
        var members = [Int32](repeating: 0, count: positions.count)
        for (number, cell) in cellOf.enumerated() {
            members[Int(next[Int(cell)])] = Int32(number)
            next[Int(cell)] += 1
        }
        self.starts = starts
        self.members = members
    }

    private static func slot(_ value: Double, _ low: Double, _ extent: Double, _ count: Int) -> Int {
        extent > 0 ? max(0, min(count - 1, Int((value - low) / extent * Double(count)))) : 0
    }

    /// Whether `isFound` holds for a vertex in the cells that a triangle touches. Of each row only those between the
    /// triangle's sides are looked at, since a triangle along a straight border is long and narrow.
    func contains(_ a: Position, _ b: Position, _ c: Position, _ isFound: (Int) -> Bool) -> Bool {
        let low = Self.slot(min(a.y, b.y, c.y), box.minY, box.height, rows)
        let high = Self.slot(max(a.y, b.y, c.y), box.minY, box.height, rows)
        let rowHeight = box.height / Double(rows)
        for row in low...high {
            // A little more than the row, since rounding may have put a vertex in the row beside.
            let bottom = box.minY + (Double(row) - 0.01) * rowHeight
            let top = box.minY + (Double(row) + 1.01) * rowHeight
            var (west, east) = (Double.infinity, -Double.infinity)
            for (from, to) in [(a, b), (b, c), (c, a)] {
                let (from, to) = from.y <= to.y ? (from, to) : (to, from)
                guard to.y >= bottom, from.y <= top else { continue }
                let slope = to.y > from.y ? (to.x - from.x) / (to.y - from.y) : 0
                let start = from.y >= bottom || slope == 0 ? from.x : from.x + (bottom - from.y) * slope
                let end = to.y <= top || slope == 0 ? to.x : from.x + (top - from.y) * slope
                west = min(west, start, end)
                east = max(east, start, end)
            }
            guard west <= east else { continue }
            let first = max(0, Self.slot(west, box.minX, box.width, columns) - 1)
            let last = min(columns - 1, Self.slot(east, box.minX, box.width, columns) + 1)
            for cell in row * columns + first...row * columns + last {
                for member in members[Int(starts[cell])..<Int(starts[cell + 1])] where isFound(Int(member)) {
                    return true
                }
            }
        }
        return false
    }
}
