/// The children of a cell and their centres, computed together.
struct ChildCenters {
    private var children: BitLanes
    private var latitudes: Lanes
    private var longitudes: Lanes

    /// The number of children: 7, or 6 for a pentagon.
    let count: Int

    /// Finds the children. The cell must have a resolution below 15.
    init(of cell: H3Cell) {
        var (children, count) = (BitLanes(), 0)
        for child in ChildSequence(of: cell, at: cell.resolution.number + 1) {
            children[count] = child.bits
            count += 1
        }
        (self.children, self.count) = (children, count)
        (latitudes, longitudes) = CenterKernel.latLngs(children, count: count)
    }

    /// A child, and its centre within 1e-13 radians. `number` must be less than `count`.
    subscript(number: Int) -> (cell: H3Cell, center: AnglePoint) {
        let center = LatLng(latitude: latitudes[number], longitude: longitudes[number])
        return (H3Cell(unchecked: children[number]), AnglePoint(center))
    }
}
