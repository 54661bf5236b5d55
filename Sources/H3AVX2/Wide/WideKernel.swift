package import H3

/// The kernels of H3 for processors with AVX2 and fused multiplication (x86-64-v3). They must only be called on such a
/// processor, because any instruction of this module may need it.
package enum WideKernel {
    /// Writes the cells of points given in degrees; 0 where a coordinate is not finite.
    ///
    /// All buffers must have the same length.
    package static func latLngToCells(
        _ latitudes: UnsafeBufferPointer<Double>, _ longitudes: UnsafeBufferPointer<Double>, resolution: Resolution,
        into cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        CellKernel.latLngToCells(latitudes, longitudes, resolution: resolution.number, into: cells)
    }
}
