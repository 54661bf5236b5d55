/// An edge of an icosahedron face, named by the two axes it is between.
enum FaceEdge: Int {
    case ij
    case ki
    case jk

    /// The edge of `face` that borders on `neighbor`.
    init?(from face: Int, to neighbor: Int) {
        for edge in 0..<3 where Int(Icosahedron.neighbors[3 * face + edge]) == neighbor {
            self.init(rawValue: edge)
            return
        }
        return nil
    }

    /// The edge beyond which a place outside the face is.
    init(beyond place: GridCoordinate) {
        let k = -place.lowest
        self = k == 0 ? .ij : place.j + k > 0 ? .jk : .ki
    }

    /// The ends of the edge, counter-clockwise, in the plane of a face whose corners are `size` cells from its centre.
    func ends(size: Double) -> (PlanePoint, PlanePoint) {
        let corners = (
            PlanePoint(x: size, y: 0), PlanePoint(x: -0.5 * size, y: PlanePoint.sin60 * size),
            PlanePoint(x: -0.5 * size, y: -PlanePoint.sin60 * size)
        )
        return switch self {
        case .ij: (corners.0, corners.1)
        case .jk: (corners.1, corners.2)
        case .ki: (corners.2, corners.0)
        }
    }
}
