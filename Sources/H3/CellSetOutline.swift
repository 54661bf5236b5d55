/// The closed lines around a set of cells of one resolution.
///
/// An edge that two cells of the set share is seen from both and cancels itself out; what is left runs around the set.
/// Three cells meet at every vertex, so past the end of such an edge exactly one goes on. No coordinates are compared.
struct CellSetOutline {
    private var components: [H3Cell: Int] = [:]
    private var loops: [Loop] = []

    private struct Loop {
        let component: Int
        let line: [LatLng]
        let area: Double
    }

    init(_ cells: [H3Cell]) {
        let members = Set(cells)
        spread(members, cells)
        var open = [H3DirectedEdge: H3DirectedEdge]()
        for cell in cells { Self.addOpenEdges(of: cell, members, &open) }
        // In the order of the input, so that the same set in the same order gives the same lines.
        for cell in cells {
            for edge in cell.directedEdges where open[edge] != nil { close(edge, &open) }
        }
    }

    /// Whether no line is left: the set is all cells of its resolution.
    var isWholeSphere: Bool { loops.isEmpty }

    /// The lines of each part as one polygon. The shell is the line with the least area on its left: on the left of a hole
    /// lies the rest of the sphere.
    var polygons: [GeoPolygon] {
        Dictionary(grouping: loops, by: \.component).values
            .map { $0.sorted { $0.area < $1.area } }
            .sorted { ($1[0].area, $0[0].component) < ($0[0].area, $1[0].component) }
            .map { GeoPolygon(shell: $0[0].line, holes: $0.dropFirst().map(\.line)) }
    }

    /// Numbers the parts that hang together by edges.
    private mutating func spread(_ members: Set<H3Cell>, _ cells: [H3Cell]) {
        var count = 0
        for start in cells where components[start] == nil {
            components[start] = count
            var waiting = [start]
            while let cell = waiting.popLast() {
                for edge in cell.directedEdges {
                    let next = edge.destination
                    guard members.contains(next), components[next] == nil else { continue }
                    components[next] = count
                    waiting.append(next)
                }
            }
            count += 1
        }
    }

    /// Adds the edges of `cell` that border on no member, each with the edge of the outline that follows it.
    private static func addOpenEdges(
        of cell: H3Cell, _ members: Set<H3Cell>, _ open: inout [H3DirectedEdge: H3DirectedEdge]
    ) {
        let edges = cell.edgesCounterclockwise
        for (index, edge) in edges.enumerated() where !members.contains(edge.destination) {
            let next = edges[(index + 1) % edges.count]
            let beside = next.destination
            guard members.contains(beside) else {
                open[edge] = next
                continue
            }
            // The line turns onto the neighbour: its edge after the one it shares with this cell.
            let others = beside.edgesCounterclockwise
            guard let shared = others.firstIndex(where: { $0.destination == cell }) else { continue }
            open[edge] = others[(shared + 1) % others.count]
        }
    }

    private mutating func close(_ start: H3DirectedEdge, _ open: inout [H3DirectedEdge: H3DirectedEdge]) {
        var line = [LatLng]()
        var edge: H3DirectedEdge? = start
        while let current = edge {
            guard let next = open.removeValue(forKey: current) else { break }
            line.append(contentsOf: current.boundary.dropLast())
            edge = next
        }
        loops.append(Loop(component: components[start.origin] ?? 0, line: line, area: SphericalArea(line).value))
    }
}

extension H3Cell {
    /// The edges of the cell in the order of its outline.
    var edgesCounterclockwise: [H3DirectedEdge] {
        directedEdges.map { ($0, vertexNumber(startingEdge: $0.direction) ?? 0) }
            .sorted { $0.1 < $1.1 }
            .map(\.0)
    }
}
