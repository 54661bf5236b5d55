/// The cell of `resolution` that contains each point, given in degrees, as index bits; 0 where a coordinate is not
/// finite.
///
/// Time and memory grow with the number of points.
///
/// - Throws: The errors of the function with spans.
public func latLngToCells(
    latitudes: [Double], longitudes: [Double], resolution: Resolution
) throws(H3Error) -> [UInt64] {
    var cells = [UInt64](repeating: 0, count: latitudes.count)
    var span = cells.mutableSpan
    try latLngToCells(latitudes: latitudes.span, longitudes: longitudes.span, resolution: resolution, into: &span)
    return cells
}

/// The centre of each cell in degrees; NaN for both coordinates where the bits are not a cell.
///
/// Time and memory grow with the number of cells.
public func cellsToLatLngs(_ cells: [UInt64]) -> (latitudes: [Double], longitudes: [Double]) {
    var latitudes = [Double](repeating: 0, count: cells.count)
    var longitudes = latitudes
    var latitudeSpan = latitudes.mutableSpan
    var longitudeSpan = longitudes.mutableSpan
    // This cannot throw, because the spans have the same length.
    _ = try? cellsToLatLngs(cells.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
    return (latitudes, longitudes)
}

/// The outline of each cell, as in `H3Cell.boundary`; an outline without vertices where the bits are not a cell.
///
/// Time and memory grow with the number of cells.
public func cellsToBoundaries(_ cells: [UInt64]) -> [CellBoundary] {
    var boundaries = [CellBoundary](repeating: CellBoundary(), count: cells.count)
    var span = boundaries.mutableSpan
    _ = try? cellsToBoundaries(cells.span, into: &span)
    return boundaries
}

/// The ancestor of each cell at `resolution`, as index bits; 0 where the bits are not a cell or are those of a coarser
/// one.
///
/// Time and memory grow with the number of cells.
public func cellsToParents(_ cells: [UInt64], resolution: Resolution) -> [UInt64] {
    var parents = [UInt64](repeating: 0, count: cells.count)
    var span = parents.mutableSpan
    _ = try? cellsToParents(cells.span, resolution: resolution, into: &span)
    return parents
}
