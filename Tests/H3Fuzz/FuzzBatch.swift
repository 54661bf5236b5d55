import H3

/// Calls over columns answer like calls for one point or cell, for any numbers.
func callBatches(_ input: inout FuzzInput) {
    let points = (0..<input.byte() % 20).map { _ in input.point() }
    let resolution = input.resolution()
    let (latitudes, longitudes) = (points.map(\.latitude), points.map(\.longitude))
    let cells = try? latLngToCells(latitudes: latitudes, longitudes: longitudes, resolution: resolution)
    precondition(
        cells
            == points.map {
                (try? H3Cell(latitude: $0.latitude, longitude: $0.longitude, resolution: resolution))?.bits ?? 0
            })
    _ = try? latLngToCells(latitudes: latitudes, longitudes: [1], resolution: resolution)

    let bits = (0..<input.byte() % 12).map { _ in input.index() }
    let centers = cellsToLatLngs(bits)
    let boundaries = cellsToBoundaries(bits)
    let parents = cellsToParents(bits, resolution: resolution)
    for (index, bits) in bits.enumerated() {
        let cell = H3Cell(bits)
        precondition(centers.latitudes[index].isNaN == (cell == nil))
        if let cell { precondition(abs(centers.latitudes[index] - cell.center.latitude) <= 1e-11) }
        precondition(boundaries[index].elementsEqual(cell?.boundary.map { $0 } ?? []))
        precondition(parents[index] == (try? cell?.parent(at: resolution))?.bits ?? 0)
    }
}
