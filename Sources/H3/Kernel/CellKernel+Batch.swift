extension CellKernel {
    /// Writes the cells of points given in degrees; 0 where a coordinate is not finite.
    ///
    /// All buffers must have the same length, and `resolution` is 0...15. Points that the kernel leaves open are passed
    /// to the one-point call, so the results are the same whatever the kernel was built for.
    static func latLngToCells(
        _ latitudes: UnsafeBufferPointer<Double>, _ longitudes: UnsafeBufferPointer<Double>, resolution: Int,
        into cells: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let latitude = latitudes.baseAddress, let longitude = longitudes.baseAddress,
            let cell = cells.baseAddress
        else { return }
        fill(
            latitudes: latitude, longitudes: longitude, count: cells.count, plan: CellPlan(resolution: resolution),
            cells: cell)
        for index in cells.indices where cells[index] == 0 {
            cells[index] = cellBits(
                latitude: latitudes[index], longitude: longitudes[index], resolution: resolution)
        }
    }
}
