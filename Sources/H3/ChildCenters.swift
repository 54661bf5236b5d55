/// The children of a cell with their centres, found together.
struct ChildCenters {
    private var children: BitLanes
    private var latitudes: Lanes
    private var longitudes: Lanes

    /// 7, or 6 below a pentagon.
    let count: Int

    /// The cell must be of a resolution below 15.
    init(of cell: H3Cell) {
        var (children, count) = (BitLanes(), 0)
        for child in ChildSequence(of: cell, at: cell.resolution.number + 1) {
            children[count] = child.bits
            count += 1
        }
        (self.children, self.count) = (children, count)
        (latitudes, longitudes) = CenterKernel.latLngs(children, count: count)
    }

    /// A child and its centre within 1e-13 radians; `number` is less than `count`.
    subscript(number: Int) -> (cell: H3Cell, center: AnglePoint) {
        let center = LatLng(latitude: latitudes[number], longitude: longitudes[number])
        return (H3Cell(unchecked: children[number]), AnglePoint(center))
    }
}
