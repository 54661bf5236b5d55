extension FaceCoordinate {
    /// The index bits of the cell at this place of `resolution`, 0...15; nil where no base cell lies there, which no
    /// place found from a point is.
    func cell(resolution: Int) -> H3Cell? {
        var place = place
        var digits = Digits(bits: 0)
        for level in stride(from: resolution, to: 0, by: -1) {
            let isClassIII = level & 1 != 0
            let parent = place.coarsened(fromClassIII: isClassIII)
            digits[level] = (place - parent.refined(toClassIII: isClassIII)).digit & 7
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

    /// The place of a cell's centre, on the face the centre lies on.
    init(_ cell: H3Cell) {
        let resolution = cell.resolution.number
        let baseCell = min(cell.baseCell, BaseCells.count - 1)
        let isPentagonal = BaseCells.isPentagon(baseCell)
        var digits = cell.digits
        // The sector next to the gap is counted as if there were none.
        if isPentagonal, digits.leading == Digits.ik { digits = digits.rotated(5) }

        face = Int(BaseCells.homeFaces[baseCell])
        place = GridCoordinate(i: Int(BaseCells.homeI[baseCell]), j: Int(BaseCells.homeJ[baseCell]))
        let isCentral = place == GridCoordinate(i: 0, j: 0)
        for level in stride(from: 1, through: resolution, by: 1) {
            place = place.refined(toClassIII: level & 1 != 0) + .step(digits[level])
        }
        // A hexagon of resolution 0, or one at the middle of a face, lies on its home face with all descendants.
        if !isPentagonal, resolution == 0 || isCentral { return }

        // Edges of faces run along the grid in Class II resolutions only.
        let isClassIII = resolution & 1 != 0
        let classII = isClassIII ? resolution + 1 : resolution
        var moved = self
        if isClassIII { moved.place = place.refined(toClassIII: false) }
        let isLeadingI = isPentagonal && digits.leading == Digits.i
        guard moved.crossEdge(resolution: classII, scale: 1, pentagonLeadingI: isLeadingI) != .none else { return }
        if isPentagonal { moved.crossEdges(resolution: classII, scale: 1) }
        if isClassIII { moved.place = moved.place.coarsened(fromClassIII: false) }
        self = moved
    }
}
