extension GridCoordinate {
    /// The cell that contains a point of the plane.
    ///
    /// The comparisons are those of the reference, so that points on an edge fall to the same side.
    init(containing point: PlanePoint) {
        // The skewed coordinates of the point, folded into the first quadrant.
        let skewJ = abs(point.y) * 1.1547005383792515
        let skewI = abs(point.x) + skewJ / 2
        i = Int(skewI)
        j = Int(skewJ)
        let u = skewI - Double(i)
        let v = skewJ - Double(j)
        let (upI, upJ): (Bool, Bool)
        if u < 1.0 / 3.0 {
            (upI, upJ) = (false, v >= (1 + u) / 2)
        } else if u < 0.5 {
            (upI, upJ) = (1 - u <= v && v < 2 * u, v >= 1 - u)
        } else if u < 2.0 / 3.0 {
            (upI, upJ) = (v <= 2 * u - 1 || v >= 1 - u, v >= 1 - u)
        } else {
            (upI, upJ) = (true, v >= u / 2)
        }
        i += upI ? 1 : 0
        j += upJ ? 1 : 0
        if point.x < 0 { i = j - i }
        if point.y < 0 { (i, j) = (i - j, -j) }
    }

    /// The centre of the cell.
    var center: PlanePoint {
        PlanePoint(x: Double(i) - 0.5 * Double(j), y: Double(j) * PlanePoint.sin60)
    }
}
