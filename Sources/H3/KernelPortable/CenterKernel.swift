/// The centres of eight cells at a time: their places one by one, the way back to the sphere together.
enum CenterKernel {
    /// Beyond this sine of the latitude the reference's arc sine loses digits, so it is asked itself.
    private static let polarSine = 0.999_999

    /// The latitudes and longitudes in degrees; not numbers where the bits are no cell.
    static func latLngs(_ cells: BitLanes) -> (latitudes: Lanes, longitudes: Lanes) {
        var (x, y, z) = (Lanes(), Lanes(), Lanes())
        var isPlain = true
        for lane in 0..<8 {
            guard let cell = H3Cell(cells[lane]) else {
                (x[lane], y[lane], z[lane]) = (.nan, .nan, .nan)
                isPlain = false
                continue
            }
            let point = point(cell)
            (x[lane], y[lane], z[lane]) = (point.x, point.y, point.z)
            let level = point.x * point.x + point.y * point.y
            if level < (1 - polarSine * polarSine) * (level + point.z * point.z) { isPlain = false }
        }
        var latitudes = Lanes.arcTangent(y: z, x: (x * x + y * y).squareRoot())
        var longitudes = Lanes.arcTangent(y: y, x: x)
        guard !isPlain else { return (latitudes, longitudes) }
        for lane in 0..<8 {
            let cell = H3Cell(unchecked: cells[lane])
            let isCell = H3Cell.isValid(cell.bits)
            if isCell, abs(latitudes[lane]) < 89 { continue }
            let center = cell.center
            latitudes[lane] = isCell ? center.latitude : .nan
            longitudes[lane] = isCell ? center.longitude : .nan
        }
        return (latitudes, longitudes)
    }

    /// A point in the direction of the centre, in the plane that touches the sphere at the centre of its face.
    @inline(__always)
    private static func point(_ cell: H3Cell) -> Vector3 {
        let place = FaceCoordinate(cell)
        let (u, v) = Icosahedron.axes(of: place.face, isClassIII: cell.isResolutionClassIII)
        let center = place.place.center
        let step = 1 / CellPlan.scales[cell.resolution.number]
        return Icosahedron.center(of: place.face) + u * (center.x * step) + v * (center.y * step)
    }
}
