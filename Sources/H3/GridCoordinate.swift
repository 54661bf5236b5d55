/// The place of a cell in the hexagonal grid of a face: steps along the i axis and the j axis, 120 degrees apart.
///
/// The reference's three coordinates (i, j, k), none negative and one 0, are the same place:
/// a step along k is a step back along both i and j.
struct GridCoordinate: Equatable {
    var i: Int
    var j: Int

    /// The step of a digit, 0...6, from a parent's centre; none for 7.
    static func step(_ digit: UInt64) -> GridCoordinate {
        let bits = Int(truncatingIfNeeded: digit)
        let k = bits & 1
        return GridCoordinate(i: (bits >> 2 & 1) - k, j: (bits >> 1 & 1) - k)
    }

    /// The digit of a step of at most one cell.
    var digit: UInt64 {
        let low = lowest
        return UInt64(truncatingIfNeeded: (i - low) << 2 | (j - low) << 1 | -low)
    }

    /// What has to be taken from i, j and 0 to make none negative and one 0: minus the k coordinate.
    var lowest: Int { min(i, j, 0) }

    /// The number of steps from the origin.
    var distance: Int { max(abs(i), abs(j), abs(i - j)) }

    static func + (left: GridCoordinate, right: GridCoordinate) -> GridCoordinate {
        GridCoordinate(i: left.i + right.i, j: left.j + right.j)
    }

    static func - (left: GridCoordinate, right: GridCoordinate) -> GridCoordinate {
        GridCoordinate(i: left.i - right.i, j: left.j - right.j)
    }

    static func * (left: GridCoordinate, right: Int) -> GridCoordinate {
        GridCoordinate(i: left.i * right, j: left.j * right)
    }

    /// Turned about the origin, 60 degrees counter-clockwise.
    var turnedLeft: GridCoordinate { GridCoordinate(i: i - j, j: i) }

    /// Turned about the origin, 60 degrees clockwise.
    var turnedRight: GridCoordinate { GridCoordinate(i: j, j: j - i) }

    /// The centre child's place in the grid of the next finer resolution, of the class said.
    func refined(toClassIII: Bool) -> GridCoordinate {
        toClassIII
            ? GridCoordinate(i: 2 * i + j, j: 3 * j - i)
            : GridCoordinate(i: 3 * i - j, j: i + 2 * j)
    }

    /// The parent's place in the grid of the next coarser resolution, from a resolution of the class said.
    func coarsened(fromClassIII: Bool) -> GridCoordinate {
        fromClassIII
            ? GridCoordinate(i: Self.roundedSeventh(3 * i - j), j: Self.roundedSeventh(i + 2 * j))
            : GridCoordinate(i: Self.roundedSeventh(2 * i + j), j: Self.roundedSeventh(3 * j - i))
    }

    /// `value / 7` to the nearest whole number; there are no ties.
    ///
    /// `value` is below 2^31 in size.
    private static func roundedSeventh(_ value: Int) -> Int {
        // The bias makes the dividend positive, where division rounds down.
        let bias = 1 << 30
        return (value + 3 + 7 * bias) / 7 - bias
    }
}
