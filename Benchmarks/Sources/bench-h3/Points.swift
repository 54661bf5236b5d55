import H3
import H3AVX2

/// Points to cells, and back to their centres.
struct Points {
    let latitudes: [Double]
    let longitudes: [Double]
    let resolution: Resolution

    /// Measures; the cells of the points.
    func run() throws -> [H3Cell] {
        let count = latitudes.count
        var cells = [UInt64](repeating: 0, count: count)
        try measure("latLngToCells portable", resolution, items: count) {
            var span = cells.mutableSpan
            try latLngToCells(
                latitudes: latitudes.span, longitudes: longitudes.span, resolution: resolution, into: &span)
            return cells[count / 2]
        }
        if hasV3 { runWide(cells) }
        try measure("latLngToCell", resolution, items: count) {
            var sum: UInt64 = 0
            for index in 0..<count {
                sum &+= try H3Cell(
                    latitude: latitudes[index], longitude: longitudes[index], resolution: resolution
                ).bits
            }
            return sum
        }
        try runCenters(cells)
        return cells.map(H3Cell.init(unchecked:))
    }

    private func runWide(_ expected: [UInt64]) {
        var cells = [UInt64](repeating: 0, count: expected.count)
        measure("latLngToCells AVX2", resolution, items: cells.count) {
            latitudes.withUnsafeBufferPointer { latitudes in
                longitudes.withUnsafeBufferPointer { longitudes in
                    cells.withUnsafeMutableBufferPointer {
                        WideKernel.latLngToCells(latitudes, longitudes, resolution: resolution, into: $0)
                    }
                }
            }
            return cells[cells.count / 2]
        }
        guard cells == expected else { fatalError("the kernels differ at resolution \(resolution)") }
    }

    private func runCenters(_ cells: [UInt64]) throws {
        var latitudes = [Double](repeating: 0, count: cells.count)
        var longitudes = latitudes
        try measure("cellsToLatLngs", resolution, items: cells.count) {
            var latitudeSpan = latitudes.mutableSpan
            var longitudeSpan = longitudes.mutableSpan
            try cellsToLatLngs(cells.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
            return 0
        }
    }
}
