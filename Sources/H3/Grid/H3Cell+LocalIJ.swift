extension H3Cell {
    /// The place of `cell` in the flat grid around this cell.
    ///
    /// - Throws: `resolutionMismatch`; `failed` where `cell` is too far away or behind a pentagon.
    public func localIJ(of cell: H3Cell) throws(H3Error) -> LocalIJ {
        let place = try LocalGrid(around: self).place(of: cell)
        return LocalIJ(i: place.i, j: place.j)
    }

    /// The cell at a place in the flat grid around this cell.
    ///
    /// - Throws: `failed` where the place is too far away, `pentagon` where it is in the gap of one.
    public func cell(at place: LocalIJ) throws(H3Error) -> H3Cell {
        guard let i = Int32(exactly: place.i), let j = Int32(exactly: place.j) else { throw .failed }
        return try LocalGrid(around: self).cell(at: GridCoordinate(i: Int(i), j: Int(j)))
    }

    /// The number of steps to `cell` over the flat grid around this cell.
    ///
    /// - Throws: The errors of `localIJ(of:)`.
    public func gridDistance(to cell: H3Cell) throws(H3Error) -> Int {
        let grid = LocalGrid(around: self)
        return (try grid.place(of: cell) - (try grid.place(of: self))).distance
    }
}
