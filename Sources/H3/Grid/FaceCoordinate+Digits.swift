extension FaceCoordinate {
    /// The cell at this place of `resolution`, 0...15; nil where there is no base cell, which never happens for a place
    /// found from a point.
    func cell(resolution: Int) -> H3Cell? {
        var place = place
        var digits = Digits(bits: 0)
        for level in stride(from: resolution, to: 0, by: -1) {
            let (parent, digit) = place.split(fromClassIII: level & 1 != 0)
            digits[level] = digit
            place = parent
        }
        guard abs(place.i) <= 2, abs(place.j) <= 2 else { return nil }
        let placement = BaseCells.placements[25 * face + 5 * (place.i + 2) + place.j + 2]
        guard placement != 0xFFFF else { return nil }

        let turns = Int(placement >> 7 & 7)
        if placement >> 10 & 1 != 0 {
            if digits.leading == Digits.k {
                let isGapClockwise = placement >> 11 & 1 != 0
                digits = digits.rotated(isGapClockwise ? 5 : 1)
            }
            digits = digits.rotatedAboutPentagon(turns)
        } else {
            digits = digits.rotated(turns)
        }
        let header = 1 << 59 | UInt64(truncatingIfNeeded: resolution) << 52 | UInt64(placement & 0x7F) << 45
        return H3Cell(unchecked: header | digits.bits | H3Cell.unusedDigits(at: resolution))
    }

    /// The place of a cell's centre, on the face that contains it.
    init(_ cell: H3Cell) {
        self.init(finest: cell)
        let isClassIII = cell.isResolutionClassIII
        let finer = 16 - cell.resolution.number - (isClassIII ? 1 : 0)
        let unit = Self.unit(resolution: finer)
        place = GridCoordinate(i: place.i / unit, j: place.j / unit)
        if isClassIII { place = place.split(fromClassIII: false).parent }
    }

    /// The place of a cell's centre in the grid of resolution 16, which contains those of all resolutions, on the face
    /// that contains the centre.
    @inline(__always)
    init(finest cell: H3Cell) {
        let baseCell = min(cell.baseCell, BaseCells.count - 1)
        let start = GridCoordinate(
            i: Int(BaseCells.homeI[unchecked: baseCell]), j: Int(BaseCells.homeJ[unchecked: baseCell]))
        let face = Int(BaseCells.homeFaces[unchecked: baseCell])
        guard !BaseCells.isPentagon(baseCell) else {
            self.init(finestOfPentagon: cell, face: face, start: start)
            return
        }
        self.init(face: face, place: PairSteps.place(from: start, cell.bits))
        if place.i &+ place.j &- 3 &* place.lowest > 2 * PairSteps.unit { _ = crossEdge(resolution: 16, scale: 1) }
    }

    /// The place for a cell whose base cell is a pentagon.
    private init(finestOfPentagon cell: H3Cell, face: Int, start: GridCoordinate) {
        var digits = cell.digits
        // The sector next to the gap is counted as if there were no gap.
        if digits.leading == Digits.ik { digits = digits.rotated(5) }
        self.init(face: face, place: PairSteps.place(from: start, digits.bits))
        let isLeadingI = digits.leading == Digits.i
        guard crossEdge(resolution: 16, scale: 1, pentagonLeadingI: isLeadingI) != .none else { return }
        crossEdges(resolution: 16, scale: 1)
    }
}
