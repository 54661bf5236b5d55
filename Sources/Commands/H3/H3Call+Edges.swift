import H3

extension H3Call {
    /// The functions of directed edges and vertexes.
    static let edges: [String: Function] = [
        "areNeighborCells": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .boolean(try cell.isNeighbor(of: try arguments.cell()))
        },
        "cellsToDirectedEdge": { arguments throws(H3Error) in
            let origin = try arguments.cell()
            return .index(try H3DirectedEdge(from: origin, to: try arguments.cell()).bits)
        },
        "isValidDirectedEdge": { arguments throws(H3Error) in
            .boolean(H3DirectedEdge.isValid(try arguments.bits()))
        },
        "getDirectedEdgeOrigin": { arguments throws(H3Error) in .index(try arguments.edge().origin.bits) },
        "getDirectedEdgeDestination": { arguments throws(H3Error) in
            .index(try arguments.edge().destination.bits)
        },
        "directedEdgeToCells": { arguments throws(H3Error) in
            let edge = try arguments.edge()
            return .cells([edge.origin, edge.destination])
        },
        "originToDirectedEdges": { arguments throws(H3Error) in
            .list(try arguments.cell().directedEdges.map { .index($0.bits) })
        },
        "directedEdgeToBoundary": { arguments throws(H3Error) in .points(try arguments.edge().boundary) },
        "reverseDirectedEdge": { arguments throws(H3Error) in .index(try arguments.edge().reversed.bits) },
        "cellToVertex": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .index(try cell.vertex(try arguments.integer()).bits)
        },
        "cellToVertexes": { arguments throws(H3Error) in
            .list(try arguments.cell().vertexes.map { .index($0.bits) })
        },
        "vertexToLatLng": { arguments throws(H3Error) in .point(try arguments.vertex().latLng) },
        "isValidVertex": { arguments throws(H3Error) in .boolean(H3Vertex.isValid(try arguments.bits())) },
    ]
}
