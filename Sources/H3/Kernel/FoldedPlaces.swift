/// The places of eight points on the grids of their faces.
struct FoldedPlaces {
    /// Whole numbers.
    var i: Lanes
    var j: Lanes

    /// 25 times the number of the face, plus 12.
    var faces: Lanes

    /// All bits of a lane set where the reference's arithmetic is bound to find the same face and place.
    var isSure: BitLanes

    @inline(__always)
    init(_ points: FoldedPoints, _ plan: CellPlan) {
        // Per component, a vector of eight: the rows of the lanes, transposed.
        var (ax, ay, az) = (Lanes(), Lanes(), Lanes())
        var (cx, cy, cz) = (Lanes(), Lanes(), Lanes())
        faces = Lanes()
        for lane in 0..<8 {
            let row = plan.firstRow &+ Int(truncatingIfNeeded: points.codes[lane]) &* 8
            ax[lane] = FoldedFaces.rows[unchecked: row]
            ay[lane] = FoldedFaces.rows[unchecked: row &+ 1]
            az[lane] = FoldedFaces.rows[unchecked: row &+ 2]
            cx[lane] = FoldedFaces.rows[unchecked: row &+ 3]
            cy[lane] = FoldedFaces.rows[unchecked: row &+ 4]
            cz[lane] = FoldedFaces.rows[unchecked: row &+ 5]
            faces[lane] = FoldedFaces.rows[unchecked: row &+ 6]
        }
        let stretch = Lanes.all(plan.scale * FoldedFaces.centerLength) / points.heights
        let a = points.x.times(ax, plus: points.y.times(ay, plus: points.z * az)) * stretch
        let c = points.x.times(cx, plus: points.y.times(cy, plus: points.z * cz)) * stretch

        // The lines where a = 2i - j, c = 2j - i and a + c = i + j are whole cut every cell into six triangles from its
        // centre. The three numbers rounded down name the triangle, and it the cell: i = ceil((a + (a + c)) / 3). The
        // ones that this adds to a and c on the way spare rounding up.
        let wholeA = (a + .all(0.5)).nearest
        let wholeC = (c + .all(0.5)).nearest
        let wholeB = (a + c - .all(0.5)).nearest
        let third = Lanes.all(1.0 / 3)
        i = ((wholeA + wholeB) * third).nearest
        j = ((wholeC + wholeB) * third).nearest

        // 1 minus the largest of these is 0 on the border of the cell.
        let restA = a - (i + i - j)
        let restC = c - (j + j - i)
        let rest = Lanes.greater(.greater(restA.size, restC.size), (restA + restC).size)
        let reach = a.size + c.size
        let tolerance = (reach + .all(plan.scale)) * .all(plan.tolerance)
        isSure =
            ((.all(1) - rest) * reach).isGreater(than: tolerance)
            & points.margins.isGreater(than: .all(CellPlan.faceMargin))
    }
}
