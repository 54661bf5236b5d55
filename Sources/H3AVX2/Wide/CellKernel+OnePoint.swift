import H3

extension CellKernel {
    /// The index of the cell of one point, computed like the reference; 0 where a coordinate is not finite.
    static func cellBits(latitude: Double, longitude: Double, resolution: Int) -> UInt64 {
        (try? H3Cell(latitude: latitude, longitude: longitude, resolution: Resolution(resolution)))?.bits ?? 0
    }
}
