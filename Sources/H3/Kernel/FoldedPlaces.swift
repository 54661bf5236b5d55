/// The places of eight points on the grids of their faces.
struct FoldedPlaces {
    /// The coordinates i and j, as whole numbers.
    var i: Lanes
    var j: Lanes

    /// 25 times the number of the face, plus 12.
    var faces: Lanes

    /// Lanes with all bits set where the reference's arithmetic certainly finds the same face and place.
    var isSure: BitLanes

    @inline(__always)
    init(_ points: FoldedPoints, _ plan: CellPlan) {
        let rows = BitLanes(repeating: plan.firstRow) &+ points.codes &<< 3
        @inline(__always) func column(_ column: Int) -> Lanes {
            .byLane { FoldedFaces.rows[unchecked: Int(truncatingIfNeeded: rows[$0]) &+ column] }
        }
        let (ax, ay, az) = (column(0), column(1), column(2))
        let (cx, cy, cz) = (column(3), column(4), column(5))
        faces = column(6)
        let stretch = Lanes.all(plan.scale * FoldedFaces.centerLength) / points.heights
        let a = points.x.times(ax, plus: points.y.times(ay, plus: points.z * az)) * stretch
        let c = points.x.times(cx, plus: points.y.times(cy, plus: points.z * cz)) * stretch

        // The lines where a = 2i - j, c = 2j - i and a + c = i + j are whole numbers divide every cell into six
        // triangles around its centre. The three numbers rounded down name the triangle, and the triangle names the
        // cell: i = ceil((a + (a + c)) / 3). The ones that are added to a and c on the way replace rounding up.
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
