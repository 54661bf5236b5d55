extension H3DirectedEdge {
    /// The ends of the edge in degrees, with the cell on the left, and between them the further vertex that an edge has
    /// where it crosses an edge of the icosahedron.
    public var boundary: CellBoundary {
        let origin = origin
        guard let first = origin.vertexNumber(startingEdge: direction) else { return CellBoundary() }
        return origin.outline(from: first, count: 2)
    }

    /// The length in radians of the great circle arcs between the vertices of `boundary`.
    public var lengthRadians: Double {
        let boundary = boundary
        var length = 0.0
        for index in boundary.indices.dropFirst() {
            length += boundary[index - 1].greatCircleDistanceRadians(to: boundary[index])
        }
        return length
    }

    /// The length in kilometres.
    public var lengthKm: Double { lengthRadians * LatLng.earthRadiusKm }

    /// The length in metres.
    public var lengthM: Double { lengthKm * 1000 }
}
