package import H3

#if arch(x86_64)
import H3AVX2
#endif

/// Bins points to cells with the kernel that suits the processor. Every kernel gives the same cells.
package enum CellBinning {
    /// The cell at `resolution` that contains each point, as index bits; 0 where a coordinate is not finite. Points
    /// are in degrees.
    ///
    /// - Throws: `memoryBounds` when the arrays differ in length.
    package static func latLngToCells(
        latitudes: [Double], longitudes: [Double], resolution: Resolution
    ) throws(H3Error) -> [UInt64] {
        #if arch(x86_64)
        if Processor.isV3 {
            return try widely(latitudes: latitudes, longitudes: longitudes, resolution: resolution)
        }
        #endif
        return try H3.latLngToCells(latitudes: latitudes, longitudes: longitudes, resolution: resolution)
    }

    #if arch(x86_64)
    private static func widely(
        latitudes: [Double], longitudes: [Double], resolution: Resolution
    ) throws(H3Error) -> [UInt64] {
        guard latitudes.count == longitudes.count else { throw .memoryBounds }
        return [UInt64](unsafeUninitializedCapacity: latitudes.count) { cells, count in
            count = latitudes.count
            latitudes.withUnsafeBufferPointer { latitudes in
                longitudes.withUnsafeBufferPointer { longitudes in
                    WideKernel.latLngToCells(
                        latitudes, longitudes, resolution: resolution,
                        into: UnsafeMutableBufferPointer(rebasing: cells[..<count]))
                }
            }
        }
    }
    #endif
}
