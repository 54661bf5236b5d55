extension CellBoundary {
    /// The outline of a hexagon that touches no other face than its centre's, without trigonometry, within 1e-12
    /// degrees of the reference's; nil for other cells and near the poles.
    @inline(__always)
    init?(hexagon cell: H3Cell) {
        guard !cell.isPentagon else { return nil }
        let resolution = cell.resolution.number
        let isClassIII = cell.isResolutionClassIII
        let center = FaceCoordinate(finest: cell)
        let place = center.place
        // The sum of the coordinates is that of the grid's rings of triangles around the face's centre.
        let unit = Self.units[unchecked: resolution]
        let reach = isClassIII ? 3 &* unit : unit
        guard place.i &+ place.j &- 3 &* place.lowest &+ reach < 2 * PairSteps.unit else { return nil }

        let point = center.finestPoint
        let step = Double(unit) * (FaceCoordinate.finestStep * (1.0 / 3))
        let (u, v) = Icosahedron.axes(of: center.face)
        // In thirds of a step: 6 corners, turned by 60 degrees each. Those of Class III cells are of the next
        // resolution.
        let x = isClassIII ? Lanes(3, -1.5, -4.5, -3, 1.5, 4.5, 0, 0) : Lanes(1.5, 0, -1.5, -1.5, 0, 1.5, 0, 0)
        let j = isClassIII ? Lanes(4, 5, 1, -4, -5, -1, 0, 0) : Lanes(1, 2, 1, -1, -2, -1, 0, 0)
        let (own, other) = (x * .all(step), j * .all(step * PlanePoint.sin60))
        let (latitudes, longitudes) = Lanes.angles(
            x: .all(point.x) + (own * .all(u.x) + other * .all(v.x)),
            y: .all(point.y) + (own * .all(u.y) + other * .all(v.y)),
            z: .all(point.z) + (own * .all(u.z) + other * .all(v.z)))
        guard latitudes.size.isGreater(than: .all(CenterKernel.polarLatitude)).together == 0 else { return nil }
        self.init(sixVertices: latitudes, longitudes)
    }

    /// How many steps of resolution 16 make a step of the next even resolution.
    private static let units: InlineArray<16, Int> = [
        5_764_801, 823_543, 823_543, 117_649, 117_649, 16_807, 16_807, 2_401, 2_401, 343, 343, 49, 49, 7, 7, 1,
    ]
}
