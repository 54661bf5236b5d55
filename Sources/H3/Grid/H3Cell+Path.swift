extension H3Cell {
    /// The number of cells of `gridPathCells(to:)`.
    ///
    /// - Throws: The errors of `gridDistance(to:)`.
    public func gridPathCellsSize(to cell: H3Cell) throws(H3Error) -> Int { try gridDistance(to: cell) + 1 }

    /// A shortest path of cells from this one to `cell`, including both, along the straight line in the grid.
    ///
    /// The path in the other direction may contain other cells. Time grows with their number.
    ///
    /// - Throws: The errors of `gridDistance(to:)`; `pentagon` or `failed` where the path crosses the gap of a pentagon
    ///   seen from both ends; `memoryAllocation` where it has more cells than an array here may hold (2^28).
    public func gridPathCells(to cell: H3Cell) throws(H3Error) -> [H3Cell] {
        let size = try ArrayBound.checked(try gridPathCellsSize(to: cell))
        var cells = [H3Cell](repeating: self, count: size)
        var span = cells.mutableSpan
        try walkPath(to: cell, size: size, into: &span)
        return cells
    }

    /// Writes the cells of `gridPathCells(to:)` to the front of `cells`, and returns their number.
    ///
    /// Nothing is allocated.
    ///
    /// - Throws: The errors of `gridPathCells(to:)`; `memoryBounds` where `cells` is too short.
    @discardableResult
    public func gridPathCells(to cell: H3Cell, into cells: inout MutableSpan<H3Cell>) throws(H3Error) -> Int {
        let size = try gridPathCellsSize(to: cell)
        guard size <= cells.count else { throw .memoryBounds }
        try walkPath(to: cell, size: size, into: &cells)
        return size
    }

    private func walkPath(to cell: H3Cell, size: Int, into cells: inout MutableSpan<H3Cell>) throws(H3Error) {
        do {
            try interpolate(to: cell, size: size) { cells[$0] = $1 }
        } catch {
            // The grid seen from the other end may have its gap elsewhere.
            do {
                try cell.interpolate(to: self, size: size) { cells[size - 1 - $0] = $1 }
            } catch _ {
                throw error
            }
        }
    }

    private func interpolate(
        to cell: H3Cell, size: Int, write: (Int, H3Cell) -> Void
    ) throws(H3Error) {
        guard size > 1 else { return write(0, self) }
        let grid = LocalGrid(around: self)
        let start = CubeCoordinate(try grid.place(of: self))
        let end = CubeCoordinate(try grid.place(of: cell))
        let inverse = 1 / Double(size - 1)
        let step = CubeCoordinate(
            i: (end.i - start.i) * inverse, j: (end.j - start.j) * inverse, k: (end.k - start.k) * inverse)
        for index in 0..<size {
            let count = Double(index)
            let point = CubeCoordinate(
                i: start.i + step.i * count, j: start.j + step.j * count, k: start.k + step.k * count)
            write(index, try grid.cell(at: point.rounded))
        }
    }
}

/// A point of the grid by three coordinates whose sum is 0.
private struct CubeCoordinate {
    var i: Double
    var j: Double
    var k: Double

    init(i: Double, j: Double, k: Double) {
        self.i = i
        self.j = j
        self.k = k
    }

    init(_ place: GridCoordinate) {
        self.init(i: Double(-place.i), j: Double(place.j), k: Double(place.i - place.j))
    }

    /// The cell that contains the point: each coordinate is rounded, and the one with the largest error follows from
    /// the others.
    var rounded: GridCoordinate {
        var (i, j) = (self.i.rounded(), self.j.rounded())
        let k = self.k.rounded()
        let (errorI, errorJ, errorK) = (abs(i - self.i), abs(j - self.j), abs(k - self.k))
        if errorI > errorJ, errorI > errorK {
            i = -j - k
        } else if errorJ > errorK {
            j = -i - k
        }
        return GridCoordinate(i: -Int(i), j: Int(j))
    }
}
