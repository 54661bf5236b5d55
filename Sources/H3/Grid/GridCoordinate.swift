/// The place of a cell in the hexagonal grid of a face: steps along the i axis and the j axis, 120 degrees apart.
///
/// The reference's three coordinates (i, j, k), none negative and one 0, describe the same place: a step along k is a
/// step back along both i and j.
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

    /// The smallest of i, j and 0: minus the k coordinate. Subtracting it makes none negative and one 0.
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

    /// The place turned about the origin by 60 degrees counter-clockwise.
    var turnedLeft: GridCoordinate { GridCoordinate(i: i - j, j: i) }

    /// The place turned about the origin by 60 degrees clockwise.
    var turnedRight: GridCoordinate { GridCoordinate(i: j, j: j - i) }

    /// The place of the centre child in the grid of the next finer resolution, of the given class.
    func refined(toClassIII: Bool) -> GridCoordinate {
        toClassIII
            ? GridCoordinate(i: 2 * i + j, j: 3 * j - i)
            : GridCoordinate(i: 3 * i - j, j: i + 2 * j)
    }

    /// The place of the parent in the grid of the next coarser resolution, and the digit that leads from there to this
    /// place. The class is that of this place's resolution.
    ///
    /// Modulo 7, i + 2j is 0 on the parents' grid within a Class III one, and 2i + j within a Class II one. The
    /// remainder, -3...3, distinguishes the seven children.
    @inline(__always)
    func split(fromClassIII: Bool) -> (parent: GridCoordinate, digit: UInt64) {
        if fromClassIII {
            let value = i + 2 * j
            let parent = GridCoordinate(i: Self.roundedSeventh(3 * i - j), j: Self.roundedSeventh(value))
            return (parent, Self.digit(0o6_240_351, rest: value &- 7 &* parent.j))
        }
        let value = 2 * i + j
        let parent = GridCoordinate(i: Self.roundedSeventh(value), j: Self.roundedSeventh(3 * j - i))
        return (parent, Self.digit(0o6_420_531, rest: value &- 7 &* parent.i))
    }

    /// One of seven digits; the one for the remainder -3 is in the lowest three bits.
    @inline(__always)
    private static func digit(_ digits: UInt64, rest: Int) -> UInt64 {
        digits &>> UInt64(truncatingIfNeeded: 3 &* rest &+ 9) & 7
    }

    /// The quotient `value / 7` rounded to the nearest whole number; there are no ties.
    ///
    /// `value` is below 2^31 in size.
    private static func roundedSeventh(_ value: Int) -> Int {
        // 2454267026 is 2^34 / 7 rounded down, which is at most 0.04 off for such values; the nearest tie is 1/14 away.
        (value &* 2_454_267_026 &+ 1 << 33) >> 34
    }
}
