/// The contribution of two digits, one of a Class III resolution and the next, to a place of the grid.
enum PairSteps {
    /// The number of steps of resolution 16 that a step of resolution 0 has.
    static let unit = 5_764_801

    /// The place at resolution 16 that the digits 1...15 in the low bits of `bits` lead to from a place of resolution
    /// 0.
    ///
    /// Two levels make the grid seven times as fine and turn it back, so every pair of digits adds its own steps times
    /// a power of 7. The sums of i and j are kept side by side in one number. A digit 7 is no step.
    @inline(__always)
    static func place(from start: GridCoordinate, _ bits: UInt64) -> GridCoordinate {
        let pairs = bits &<< 3 | 7
        let coarse =
            step(pairs &>> 42) &* 823_543 &+ step(pairs &>> 36) &* 117_649 &+ step(pairs &>> 30) &* 16_807
            &+ step(pairs &>> 24) &* 2_401
        let fine =
            step(pairs &>> 18) &* 343 &+ step(pairs &>> 12) &* 49 &+ step(pairs &>> 6) &* 7 &+ step(pairs)
        let sum = (start.i &<< 32 &+ start.j) &* unit &+ coarse &+ fine
        let j = Int(Int32(truncatingIfNeeded: sum))
        return GridCoordinate(i: (sum &- j) &>> 32, j: j)
    }

    @inline(__always)
    private static func step(_ pairs: UInt64) -> Int { steps[unchecked: Int(truncatingIfNeeded: pairs & 63)] }

    /// The steps of a pair of digits as i * 2^32 + j, in the grid of the next even resolution. The index is 8 times the
    /// Class III digit plus the other one.
    private static let steps: InlineArray<64, Int> = [
        0x0, -0x1_0000_0001, 0x1, -0x1_0000_0000,
        0x1_0000_0000, -0x1, 0x1_0000_0001, 0x0,
        -0x2_0000_0003, -0x3_0000_0004, -0x2_0000_0002, -0x3_0000_0003,
        -0x1_0000_0003, -0x2_0000_0004, -0x1_0000_0002, -0x2_0000_0003,
        -0xFFFF_FFFE, -0x1_FFFF_FFFF, -0xFFFF_FFFD, -0x1_FFFF_FFFE,
        0x2, -0xFFFF_FFFF, 0x3, -0xFFFF_FFFE,
        -0x3_0000_0001, -0x4_0000_0002, -0x3_0000_0000, -0x4_0000_0001,
        -0x2_0000_0001, -0x3_0000_0002, -0x2_0000_0000, -0x3_0000_0001,
        0x3_0000_0001, 0x2_0000_0000, 0x3_0000_0002, 0x2_0000_0001,
        0x4_0000_0001, 0x3_0000_0000, 0x4_0000_0002, 0x3_0000_0001,
        0xFFFF_FFFE, -0x3, 0xFFFF_FFFF, -0x2,
        0x1_FFFF_FFFE, 0xFFFF_FFFD, 0x1_FFFF_FFFF, 0xFFFF_FFFE,
        0x2_0000_0003, 0x1_0000_0002, 0x2_0000_0004, 0x1_0000_0003,
        0x3_0000_0003, 0x2_0000_0002, 0x3_0000_0004, 0x2_0000_0003,
        0x0, -0x1_0000_0001, 0x1, -0x1_0000_0000,
        0x1_0000_0000, -0x1, 0x1_0000_0001, 0x0,
    ]
}
