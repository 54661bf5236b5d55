/// The closed lines around a set of cells of one resolution.
///
/// An edge shared by two cells of the set appears twice and cancels out; the remaining edges run around the set. Three
/// cells meet at every vertex, so exactly one edge continues from the end of another. No coordinates are compared.
struct CellSetOutline {
    private let cells: [H3Cell]

    /// The indices of a cell's neighbours in the set, six for each, counter-clockwise; -1 where there is none.
    private var neighbors: [Int32] = []
    private var components: [Int32]
    private var loops: [Loop] = []

    private struct Loop {
        let component: Int32
        let line: [LatLng]
        let area: Double
    }

    /// Creates the outline; nil where a cell occurs twice.
    init?(_ cells: [H3Cell]) {
        guard let table = CellTable(cells) else { return nil }
        self.cells = cells
        components = [Int32](repeating: -1, count: cells.count)
        findNeighbors(table)
        numberComponents()
        var isTraced = [Bool](repeating: false, count: neighbors.count)
        for start in neighbors.indices where isOpen(start) && !isTraced[start] { trace(from: start, &isTraced) }
    }

    /// Whether there is no line: the set contains all cells of its resolution.
    var isWholeSphere: Bool { loops.isEmpty }

    /// The lines of each part as one polygon. The shell is the line with the least area on its left; on the left of a
    /// hole is the rest of the sphere.
    var polygons: [GeoPolygon] {
        Dictionary(grouping: loops, by: \.component).values
            .map { $0.sorted { $0.area < $1.area } }
            .sorted { ($1[0].area, $0[0].component) < ($0[0].area, $1[0].component) }
            .map { GeoPolygon(shell: $0[0].line, holes: $0.dropFirst().map(\.line)) }
    }

    private mutating func findNeighbors(_ table: CellTable) {
        neighbors.reserveCapacity(6 * cells.count)
        for cell in cells {
            for side in 0..<6 {
                var turns = 0
                let neighbor = Self.direction(cell, side).flatMap { cell.neighbor(toward: $0, turns: &turns) }
                neighbors.append(Int32(neighbor.flatMap(table.place) ?? -1))
            }
        }
    }

    /// Numbers the parts that are connected by edges.
    private mutating func numberComponents() {
        var count: Int32 = 0
        for start in components.indices where components[start] < 0 {
            components[start] = count
            var waiting = [start]
            while let cell = waiting.popLast() {
                for next in neighbors[6 * cell..<6 * cell + 6] where next >= 0 && components[Int(next)] < 0 {
                    components[Int(next)] = count
                    waiting.append(Int(next))
                }
            }
            count += 1
        }
    }

    /// Follows the line of an edge. Each cell has six edges.
    private mutating func trace(from start: Int, _ isTraced: inout [Bool]) {
        var line = [LatLng]()
        var edge = start
        repeat {
            isTraced[edge] = true
            if let direction = Self.direction(cells[edge / 6], edge % 6) {
                line.append(contentsOf: H3DirectedEdge(cells[edge / 6], direction: direction).boundary.dropLast())
            }
            edge = edgeAfter(edge)
        } while !isTraced[edge]
        loops.append(Loop(component: components[start / 6], line: line, area: SphericalArea(line).value))
    }

    /// The edge of the outline that starts where `edge` ends.
    private func edgeAfter(_ edge: Int) -> Int {
        let next = sideAfter(edge)
        guard neighbors[next] >= 0 else { return next }
        // The line turns to the neighbour: to the edge after the one it shares with this cell.
        let beside = Int(neighbors[next])
        let shared = neighbors[6 * beside..<6 * beside + 6].firstIndex(of: Int32(edge / 6))
        return sideAfter(shared ?? edge)
    }

    /// The edge of the same cell that starts where `edge` ends.
    private func sideAfter(_ edge: Int) -> Int {
        let cell = edge / 6
        return 6 * cell + (edge % 6 + 1) % (cells[cell].isPentagon ? 5 : 6)
    }

    /// Whether an edge exists and borders on no cell of the set.
    private func isOpen(_ edge: Int) -> Bool {
        neighbors[edge] < 0 && Self.direction(cells[edge / 6], edge % 6) != nil
    }

    /// The direction across a side of a cell, 0...5, counter-clockwise; nil for a pentagon's sixth.
    private static func direction(_ cell: H3Cell, _ side: Int) -> UInt64? {
        guard cell.isPentagon else { return hexagonal[side] }
        return side < 5 ? pentagonal[side] : nil
    }

    private static let hexagonal: InlineArray<6, UInt64> = [6, 2, 3, 1, 5, 4]
    private static let pentagonal: InlineArray<5, UInt64> = [6, 2, 3, 5, 4]
}
