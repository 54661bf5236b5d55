extension H3Cell {
    /// The cells of `resolution` that belong to a polygon, ordered by base cell and digits.
    ///
    /// With the centre in it, unless another mode is given. Time grows with the cells along the edges times the edges near
    /// each, and with the cells of the result, which within the polygon are only counted out.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is outside 0...15, `latLngDomain` where a coordinate is not finite,
    ///   `memoryAllocation` where there are more cells than an array here may hold (2^28).
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Int, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        var cells = [H3Cell]()
        try cover.run { cell throws(H3Error) in
            _ = try ArrayBound.checked(cells.count + (try cell.childCount(at: resolution)))
            cells.append(contentsOf: ChildSequence(of: cell, at: resolution))
        }
        return cells
    }

    /// Writes the cells of `polygonToCells(_:resolution:containment:)` to the front of `cells`; how many they are.
    ///
    /// - Throws: as there; `memoryBounds` where `cells` is too short.
    @discardableResult
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Int, containment: ContainmentMode = .center,
        into cells: inout MutableSpan<H3Cell>
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        var written = 0
        var found = [H3Cell]()
        try cover.run { cell throws(H3Error) in found.append(cell) }
        for cell in found {
            guard try cell.childCount(at: resolution) <= cells.count - written else { throw .memoryBounds }
            for child in ChildSequence(of: cell, at: resolution) {
                cells[written] = child
                written += 1
            }
        }
        return written
    }

    /// A number of cells that `polygonToCells(_:resolution:containment:)` does not exceed, found on coarser cells.
    ///
    /// - Throws: as there, but for `memoryAllocation`.
    public static func maxPolygonToCellsSize(
        _ polygon: GeoPolygon, resolution: Int, containment: ContainmentMode = .center
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        return try cover.bound()
    }

    /// The fewest cells of `resolution` and coarser ones that cover what `polygonToCells(_:resolution:containment:)` gives,
    /// found without listing those.
    ///
    /// - Throws: as there.
    public static func polygonToCompactCells(
        _ polygon: GeoPolygon, resolution: Int, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        var cells = [H3Cell]()
        try cover.run { cell throws(H3Error) in
            cells.append(cell)
            _ = try ArrayBound.checked(cells.count)
        }
        return try compact(cells)
    }
}
