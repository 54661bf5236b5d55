extension H3Cell {
    /// The cells of `resolution` that belong to a polygon, ordered by base cell and digits.
    ///
    /// Cells belong by their centre unless another mode is given. Time grows with the number of cells along the edges
    /// times the edges near each, and with the number of cells of the result; cells inside the polygon are only listed.
    ///
    /// - Throws: `latLngDomain` where a coordinate is not finite, `memoryAllocation` where there are more cells than an
    ///   array here may hold (2^28).
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        let covering = try cover.cells(upTo: ArrayBound.count, else: .memoryAllocation)
        return try uncompact(covering, at: resolution)
    }

    /// Writes the cells of `polygonToCells(_:resolution:containment:)` to the front of `cells`, and returns their
    /// number.
    ///
    /// Time grows as in that function. The cells that cover the polygon are kept in memory meanwhile.
    ///
    /// - Throws: The errors of that function; `memoryBounds` where `cells` is too short. Then nothing is written.
    @discardableResult
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center,
        into cells: inout MutableSpan<H3Cell>
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        let covering = try cover.cells(upTo: cells.count, else: .memoryBounds)
        return try uncompact(covering.span, at: resolution, into: &cells)
    }

    /// An upper bound of the number of cells of `polygonToCells(_:resolution:containment:)`, found on coarser cells.
    ///
    /// Time grows with the edges of the polygon, hardly with the resolution.
    ///
    /// - Throws: The errors of that function except `memoryAllocation`.
    public static func maxPolygonToCellsSize(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        return try cover.bound()
    }

    /// The smallest set of cells of `resolution` and coarser ones that covers the result of
    /// `polygonToCells(_:resolution:containment:)`, found without listing that.
    ///
    /// Time grows with the cells along the edges times the edges near each.
    ///
    /// - Throws: The errors of that function.
    public static func polygonToCompactCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        return try compact(try cover.cells(upTo: .max, else: .memoryAllocation))
    }
}
