/// The centres of many cells. Their places are found one by one, the way back to the sphere is computed eight at a
/// time.
enum CenterKernel {
    /// The latitude beyond which the reference's arc sine loses digits, so that the reference's own code is used.
    static let polarLatitude = 89.5

    /// The number of cells whose points are found before the first is turned into angles.
    private static let blockSize = 32

    /// Writes the latitudes and longitudes of the centres in degrees; NaN where the bits are not a cell.
    ///
    /// The three buffers have `count` numbers each.
    static func latLngs(
        _ cells: UnsafePointer<UInt64>, count: Int, latitudes: UnsafeMutablePointer<Double>,
        longitudes: UnsafeMutablePointer<Double>
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * blockSize) { room in
            guard let x = room.baseAddress else { return }
            room.initialize(repeating: .nan)
            var start = 0
            while start < count {
                let filled = min(blockSize, count &- start)
                findPoints(cells + start, count: filled, x: x, y: x + blockSize, z: x + 2 * blockSize)
                var first = 0
                while first < filled {
                    writeAngles(
                        of: cells + start + first, count: min(8, filled &- first), at: x + first,
                        latitudes: latitudes + start + first, longitudes: longitudes + start + first)
                    first &+= 8
                }
                start &+= filled
            }
        }
    }

    /// The latitudes and longitudes of the centres of the cells in the first `count` lanes, which must be valid.
    static func latLngs(_ cells: BitLanes, count: Int) -> (latitudes: Lanes, longitudes: Lanes) {
        var (latitudes, longitudes) = (Lanes(), Lanes())
        withUnsafePointer(to: cells) { cells in
            withUnsafeMutablePointer(to: &latitudes) { latitudes in
                withUnsafeMutablePointer(to: &longitudes) { longitudes in
                    latLngs(
                        UnsafeRawPointer(cells).assumingMemoryBound(to: UInt64.self), count: count,
                        latitudes: UnsafeMutableRawPointer(latitudes).assumingMemoryBound(to: Double.self),
                        longitudes: UnsafeMutableRawPointer(longitudes).assumingMemoryBound(to: Double.self))
                }
            }
        }
        return (latitudes, longitudes)
    }

    /// Points in the direction of the centres, in the planes that touch the sphere at the centres of their faces.
    private static func findPoints(
        _ cells: UnsafePointer<UInt64>, count: Int, x: UnsafeMutablePointer<Double>, y: UnsafeMutablePointer<Double>,
        z: UnsafeMutablePointer<Double>
    ) {
        for index in 0..<count {
            let cell = H3Cell(unchecked: cells[index])
            guard H3Cell.isValid(cell.bits) else {
                (x[index], y[index], z[index]) = (.nan, .nan, .nan)
                continue
            }
            let point = FaceCoordinate(finest: cell).finestPoint
            (x[index], y[index], z[index]) = (point.x, point.y, point.z)
        }
    }

    /// Reads vectors. `x` is the first of eight first coordinates; those of the other axes follow after a block each.
    @inline(__always)
    private static func writeAngles(
        of cells: UnsafePointer<UInt64>, count: Int, at x: UnsafePointer<Double>,
        latitudes: UnsafeMutablePointer<Double>, longitudes: UnsafeMutablePointer<Double>
    ) {
        let (latitude, longitude) = Lanes.angles(
            x: lanes(x), y: lanes(x + blockSize), z: lanes(x + 2 * blockSize))
        if count == 8 {
            UnsafeMutableRawPointer(latitudes).storeBytes(of: latitude, as: Lanes.self)
            UnsafeMutableRawPointer(longitudes).storeBytes(of: longitude, as: Lanes.self)
        } else {
            for lane in 0..<count { (latitudes[lane], longitudes[lane]) = (latitude[lane], longitude[lane]) }
        }
        guard latitude.size.isGreater(than: .all(polarLatitude)).together != 0 else { return }
        for lane in 0..<count where abs(latitudes[lane]) > polarLatitude {
            let center = H3Cell(unchecked: cells[lane]).center
            (latitudes[lane], longitudes[lane]) = (center.latitude, center.longitude)
        }
    }

    @inline(__always)
    private static func lanes(_ numbers: UnsafePointer<Double>) -> Lanes {
        UnsafeRawPointer(numbers).loadUnaligned(as: Lanes.self)
    }
}
