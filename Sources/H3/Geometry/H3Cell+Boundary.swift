extension H3Cell {
    /// The outline of the cell in degrees, counter-clockwise, in the reference's order of vertices.
    ///
    /// Nothing is allocated.
    public var boundary: CellBoundary {
        CellBoundary(hexagon: self) ?? outline(from: 0, count: isPentagon ? 5 : 6)
    }

    /// The part of the outline with `count` vertices from vertex `start`, both 0...6, including vertices between them
    /// where edges of the icosahedron are crossed. For the whole outline that includes a crossing after the last
    /// vertex.
    func outline(from start: Int, count: Int) -> CellBoundary {
        isPentagon ? pentagonOutline(from: start, count: count) : hexagonOutline(from: start, count: count)
    }

    private func hexagonOutline(from start: Int, count: Int) -> CellBoundary {
        let vertices = VertexGrid(self)
        var boundary = CellBoundary()
        var last = FaceCoordinate.Overage.none
        var lastFace = vertices.center.face
        // After a whole outline, one more step looks for a crossing of the last edge.
        for number in start..<start + (count == 6 ? 7 : count) {
            var vertex = vertices[number]
            let overage = vertex.crossEdge(resolution: vertices.resolution, scale: 3)
            if isResolutionClassIII, number > start, vertex.face != lastFace, last != .faceEdge {
                let face = vertices.center.face
                let (a, b) = (vertices[number - 1].place.center, vertices[number].place.center)
                let other = lastFace == face ? vertex.face : lastFace
                if let crossing = vertices.crossing(a, b, from: face, to: other),
                    !crossing.isClose(to: a), !crossing.isClose(to: b)
                {
                    boundary.append(vertices.latLng(at: crossing, face: face))
                }
            }
            if number < start + count { boundary.append(vertices.latLng(at: vertex.place.center, face: vertex.face)) }
            last = overage
            lastFace = vertex.face
        }
        return boundary
    }

    /// The outline of a pentagon, which is on a corner of the icosahedron with each vertex on another face.
    ///
    /// In Class III resolutions all its edges therefore cross an edge of the icosahedron; in Class II its vertices are
    /// on those edges.
    private func pentagonOutline(from start: Int, count: Int) -> CellBoundary {
        let vertices = VertexGrid(self)
        var boundary = CellBoundary()
        var last = vertices.center
        for number in start..<start + (count == 5 ? 6 : count) {
            var vertex = vertices[number % 5]
            vertex.crossEdges(resolution: vertices.resolution, scale: 3)
            if isResolutionClassIII, number > start, let edge = FaceEdge(from: vertex.face, to: last.face) {
                // Both ends of the edge, counted on the last vertex's face.
                var moved = vertex
                moved.move(across: edge, unit: FaceCoordinate.unit(resolution: vertices.resolution) * 3)
                if let crossing = vertices.crossing(
                    last.place.center, moved.place.center, from: moved.face, to: vertex.face)
                {
                    boundary.append(vertices.latLng(at: crossing, face: moved.face))
                }
            }
            if number < start + count { boundary.append(vertices.latLng(at: vertex.place.center, face: vertex.face)) }
            last = vertex
        }
        return boundary
    }
}
