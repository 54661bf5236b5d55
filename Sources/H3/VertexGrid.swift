/// The Class II grid in which the vertices of a cell are whole places: three times as fine as the cell's own, or, for a
/// Class III cell, as that of the next resolution.
struct VertexGrid {
    /// The resolution, even and 0...16, that the grid is three times as fine as.
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

    /// The vertex `number`, from 0 counter-clockwise from the i axis, counted on the face of the centre.
    subscript(number: Int) -> FaceCoordinate {
        var corner = GridCoordinate(i: 2, j: 1)
        if isRefined { corner = corner.refined(toClassIII: false) }
        for _ in 0..<number { corner = corner.turnedLeft }
        return FaceCoordinate(face: center.face, place: center.place + corner)
    }

    /// Where the straight line from `a` to `b`, in the plane of `face`, meets the edge to the face `neighbor`; nil where
    /// the two faces have no edge in common.
    func crossing(_ a: PlanePoint, _ b: PlanePoint, from face: Int, to neighbor: Int) -> PlanePoint? {
        guard let edge = FaceEdge(from: face, to: neighbor) else { return nil }
        let ends = edge.ends(size: Double(6 * FaceCoordinate.unit(resolution: resolution)))
        return PlanePoint.intersection(a, b, ends.0, ends.1)
    }

    /// The point of the sphere at a point of the plane of `face`.
    func latLng(at point: PlanePoint, face: Int) -> LatLng {
        FaceCoordinate.point(at: point, face: face, resolution: resolution, isVertexGrid: true).latLng
    }

    private static func vertexPlace(of place: GridCoordinate, refined: Bool) -> GridCoordinate {
        (refined ? place.refined(toClassIII: false) : place) * 3
    }
}
