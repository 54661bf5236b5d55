/// Writes the cell of `resolution` that contains each point, given in degrees, into `cells`, as index bits.
///
/// For a point with a coordinate that is not finite it writes 0, which is not a cell. The results equal those of
/// `H3Cell(latitude:longitude:resolution:)`. Time grows with the length; nothing is allocated.
///
/// - Throws: `memoryBounds` where the three spans differ in length. Then nothing is written.
public func latLngToCells(
    latitudes: Span<Double>, longitudes: Span<Double>, resolution: Resolution, into cells: inout MutableSpan<UInt64>
) throws(H3Error) {
    guard latitudes.count == longitudes.count, latitudes.count == cells.count else { throw .memoryBounds }
    latitudes.withUnsafeBufferPointer { latitudes in
        longitudes.withUnsafeBufferPointer { longitudes in
            cells.withUnsafeMutableBufferPointer { cells in
                CellKernel.latLngToCells(latitudes, longitudes, resolution: resolution.number, into: cells)
            }
        }
    }
}
