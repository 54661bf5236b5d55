/// Writes the centre of each cell in degrees; NaN for both coordinates where the bits are not a cell.
///
/// Within 1e-11 degrees of `H3Cell.center`. Time grows with the length; nothing is allocated.
///
/// - Throws: `memoryBounds` where the three spans differ in length. Then nothing is written.
public func cellsToLatLngs(
    _ cells: Span<UInt64>, latitudes: inout MutableSpan<Double>, longitudes: inout MutableSpan<Double>
) throws(H3Error) {
    guard cells.count == latitudes.count, cells.count == longitudes.count else { throw .memoryBounds }
    cells.withUnsafeBufferPointer { cells in
        latitudes.withUnsafeMutableBufferPointer { latitudes in
            longitudes.withUnsafeMutableBufferPointer { longitudes in
                guard let cell = cells.baseAddress, let latitude = latitudes.baseAddress,
                    let longitude = longitudes.baseAddress
                else { return }
                CenterKernel.latLngs(cell, count: cells.count, latitudes: latitude, longitudes: longitude)
            }
        }
    }
}

/// Writes the outline of each cell, as in `H3Cell.boundary`; an outline without vertices where the bits are not a cell.
///
/// Time grows with the length; nothing is allocated.
///
/// - Throws: `memoryBounds` where the two spans differ in length. Then nothing is written.
public func cellsToBoundaries(
    _ cells: Span<UInt64>, into boundaries: inout MutableSpan<CellBoundary>
) throws(H3Error) {
    guard cells.count == boundaries.count else { throw .memoryBounds }
    for index in cells.indices { boundaries[index] = H3Cell(cells[index])?.boundary ?? CellBoundary() }
}

/// Writes the ancestor of each cell at `resolution`, as index bits; 0 where the bits are not a cell or are those of a
/// coarser one. The spans must not overlap.
///
/// Time grows with the length; nothing is allocated.
///
/// - Throws: `memoryBounds` where the two spans differ in length. Then nothing is written.
public func cellsToParents(
    _ cells: Span<UInt64>, resolution: Resolution, into parents: inout MutableSpan<UInt64>
) throws(H3Error) {
    guard cells.count == parents.count else { throw .memoryBounds }
    for index in cells.indices {
        guard let cell = H3Cell(cells[index]), cell.resolution >= resolution else {
            parents[index] = 0
            continue
        }
        parents[index] = try cell.parent(at: resolution).bits
    }
}
