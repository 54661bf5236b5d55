extension FaceCoordinate {
    /// The place at `resolution`, 0...15, of the cell that contains a point, found without trigonometry; nil where the
    /// point is so near to a border that rounding could lead to another place than the reference's, where it is outside
    /// -90...90 and -180...180 degrees, or not finite.
    ///
    /// It does for one point what `FoldedPoints` and `FoldedPlaces` do for eight.
    init?(quickly point: LatLng, resolution: Int) {
        guard abs(point.latitude) <= 90, abs(point.longitude) <= 180 else { return nil }
        let plan = CellPlan(resolution: resolution)
        let (folded, code) = Self.folded(Vector3(quickly: point))
        let (phi, inversePhi) = (FoldedFaces.phi, FoldedFaces.inversePhi)
        let first = folded.x + folded.y + folded.z
        let second = folded.z * phi + folded.y * inversePhi
        let third = folded.y * phi + folded.x * inversePhi
        let fourth = folded.x * phi + folded.z * inversePhi
        let (early, late) = (max(first, second), max(third, fourth))
        let height = max(early, late)
        let runnerUp = max(min(early, late), min(first, second), min(third, fourth))
        guard min(height - runnerUp, folded.x, folded.y, folded.z) > CellPlan.faceMargin else { return nil }

        let nearest = late > early ? (fourth > third ? 24 : 16) : (second > first ? 8 : 0)
        let row = Int(truncatingIfNeeded: plan.firstRow) + 8 * (nearest | code)
        let stretch = plan.scale * FoldedFaces.centerLength / height
        let a = folded.dot(Self.vector(row)) * stretch
        let c = folded.dot(Self.vector(row + 3)) * stretch
        let (wholeA, wholeC) = (Self.nearest(a + 0.5), Self.nearest(c + 0.5))
        let wholeB = Self.nearest(a + c - 0.5)
        let (i, j) = (Self.nearest((wholeA + wholeB) * (1.0 / 3)), Self.nearest((wholeC + wholeB) * (1.0 / 3)))

        let (restA, restC) = (a - (i + i - j), c - (j + j - i))
        let rest = max(abs(restA), abs(restC), abs(restA + restC))
        let reach = abs(a) + abs(c)
        guard (1 - rest) * reach > (reach + plan.scale) * plan.tolerance else { return nil }
        self.init(
            face: Int(FoldedFaces.rows[row + 6]) / 25,
            place: GridCoordinate(i: Int(i), j: Int(j)))
    }

    /// The point folded into the octant of positive coordinates, and its signs.
    @inline(__always)
    private static func folded(_ point: Vector3) -> (Vector3, code: Int) {
        let turned = Vector3(x: point.dot(turn(0)), y: point.dot(turn(3)), z: point.dot(turn(6)))
        let signs =
            turned.x.bitPattern >> 63 | (turned.y.bitPattern >> 63) << 1 | (turned.z.bitPattern >> 63) << 2
        return (
            Vector3(x: abs(turned.x), y: abs(turned.y), z: abs(turned.z)), Int(truncatingIfNeeded: signs)
        )
    }

    @inline(__always)
    private static func turn(_ row: Int) -> Vector3 {
        Vector3(x: FoldedFaces.turn[row], y: FoldedFaces.turn[row + 1], z: FoldedFaces.turn[row + 2])
    }

    @inline(__always)
    private static func vector(_ entry: Int) -> Vector3 {
        Vector3(x: FoldedFaces.rows[entry], y: FoldedFaces.rows[entry + 1], z: FoldedFaces.rows[entry + 2])
    }

    /// The nearest whole number, for numbers below 2^51 in size.
    @inline(__always)
    private static func nearest(_ number: Double) -> Double { (number + Lanes.wholeBits) - Lanes.wholeBits }
}
