extension H3Cell {
    /// The cells of `resolution` that belong to a polygon, ordered by base cell and digits.
    ///
    /// With the centre in it, unless another mode is given. Time grows with the cells along the edges times the edges near
    /// each, and with the cells of the result, which within the polygon are only counted out.
    ///
    /// - Throws: `latLngDomain` where a coordinate is not finite, `memoryAllocation` where there are more cells than an array here may hold (2^28).
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        let covering = try cover.cells(upTo: ArrayBound.count, else: .memoryAllocation)
        return try uncompact(covering, at: resolution)
    }

    /// Writes the cells of `polygonToCells(_:resolution:containment:)` to the front of `cells`; how many they are.
    ///
    /// Time grows as there; what covers the polygon is kept in memory meanwhile.
    ///
    /// - Throws: as there; `memoryBounds` where `cells` is too short, and nothing is written then.
    @discardableResult
    public static func polygonToCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center,
        into cells: inout MutableSpan<H3Cell>
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        let covering = try cover.cells(upTo: cells.count, else: .memoryBounds)
        return try uncompact(covering.span, at: resolution, into: &cells)
    }

    /// A number of cells that `polygonToCells(_:resolution:containment:)` does not exceed, found on coarser cells.
    ///
    /// Time grows with the edges of the polygon, hardly with the resolution.
    ///
    /// - Throws: as there, but for `memoryAllocation`.
    public static func maxPolygonToCellsSize(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> Int {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        return try cover.bound()
    }

    /// The fewest cells of `resolution` and coarser ones that cover what `polygonToCells(_:resolution:containment:)` gives,
    /// found without listing those.
    ///
    /// Time grows with the cells along the edges times the edges near each.
    ///
    /// - Throws: as there.
    public static func polygonToCompactCells(
        _ polygon: GeoPolygon, resolution: Resolution, containment: ContainmentMode = .center
    ) throws(H3Error) -> [H3Cell] {
        var cover = try PolygonCover(polygon, resolution: resolution, mode: containment)
        return try compact(try cover.cells(upTo: .max, else: .memoryAllocation))
    }
}
