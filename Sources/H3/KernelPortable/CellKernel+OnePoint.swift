extension CellKernel {
    /// The index of the cell of one point, 0 where a coordinate is not finite.
    static func cellBits(latitude: Double, longitude: Double, resolution: Int) -> UInt64 {
        H3Cell.cell(at: LatLng(latitude: latitude, longitude: longitude), resolution: resolution)?.bits ?? 0
    }
}
