extension H3Cell {
    /// The faces of the icosahedron, 0...19, that the cell touches, ascending: one or two, or five for a pentagon.
    public var icosahedronFaces: [Int] {
        // The vertices of a Class II pentagon are on edges of faces; those of its centre child are beyond them.
        if isPentagon, !isResolutionClassIII, let finer = resolution.finer, let child = try? centerChild(at: finer) {
            return child.icosahedronFaces
        }
        let vertices = VertexGrid(self)
        var faces = [Int]()
        for number in 0..<(isPentagon ? 5 : 6) {
            var vertex = vertices[number]
            if isPentagon {
                vertex.crossEdges(resolution: vertices.resolution, scale: 3)
            } else {
                _ = vertex.crossEdge(resolution: vertices.resolution, scale: 3)
            }
            if !faces.contains(vertex.face) { faces.append(vertex.face) }
        }
        return faces.sorted()
    }

    /// The largest number of faces of the icosahedron that this cell can touch: 5 for a pentagon, 2 for a hexagon.
    public var maxFaceCount: Int { isPentagon ? 5 : 2 }
}
