/// The Class II grid in which the vertices of a cell have whole coordinates: three times as fine as the cell's own grid
/// or, for a Class III cell, as that of the next resolution.
struct VertexGrid {
    /// The resolution, even and 0...16, whose grid this one is three times as fine as.
    let resolution: Int

    /// The cell's centre.
    let center: FaceCoordinate

    private let isRefined: Bool

    init(_ cell: H3Cell) {
        isRefined = cell.isResolutionClassIII
        resolution = isRefined ? cell.resolution.number + 1 : cell.resolution.number
        let place = FaceCoordinate(cell)
        center = FaceCoordinate(face: place.face, place: Self.vertexPlace(of: place.place, refined: isRefined))
    }

    /// The vertex `number`, counted from 0 counter-clockwise from the i axis, with coordinates on the face of the
    /// centre.
    subscript(number: Int) -> FaceCoordinate {
        var corner = GridCoordinate(i: 2, j: 1)
        if isRefined { corner = corner.refined(toClassIII: false) }
        for _ in 0..<number { corner = corner.turnedLeft }
        return FaceCoordinate(face: center.face, place: center.place + corner)
    }

    /// The intersection of the straight line from `a` to `b`, in the plane of `face`, with the edge to the face
    /// `neighbor`; nil where the two faces have no common edge.
    func crossing(_ a: PlanePoint, _ b: PlanePoint, from face: Int, to neighbor: Int) -> PlanePoint? {
        guard let edge = FaceEdge(from: face, to: neighbor) else { return nil }
        let ends = edge.ends(size: Double(6 * FaceCoordinate.unit(resolution: resolution)))
        return PlanePoint.intersection(a, b, ends.0, ends.1)
    }

    /// The point of the sphere for a point of the plane of `face`.
    func latLng(at point: PlanePoint, face: Int) -> LatLng {
        FaceCoordinate.point(at: point, face: face, resolution: resolution, isVertexGrid: true).latLng
    }

    private static func vertexPlace(of place: GridCoordinate, refined: Bool) -> GridCoordinate {
        (refined ? place.refined(toClassIII: false) : place) * 3
    }
}
