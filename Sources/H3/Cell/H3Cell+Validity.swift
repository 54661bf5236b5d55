extension H3Cell {
    /// Whether `bits` is the index of a cell: mode 1, no reserved bit set, an existing base cell, digits below 7 up to
    /// the resolution and 7 after it, and not in the sector that a pentagon does not have.
    ///
    /// It has no loop and no branch: constant time.
    @inlinable @inline(__always)
    public static func isValid(_ bits: UInt64) -> Bool {
        let cell = H3Cell(unchecked: bits)
        let unused = unusedDigits(at: cell.resolution.number)
        let digits = bits & (1 << 45 - 1) & ~unused
        // The lowest bit of every digit.
        let ones: UInt64 = 0o111_111_111_111_111
        let isSeven = digits & digits >> 1 & digits >> 2 & ones
        // The first digit other than 0 is 1 where the highest bit of all is the lowest bit of a digit.
        let isInGap: UInt64 = digits & ones > digits & ~ones ? 1 : 0
        let isPentagonal: UInt64 = BaseCells.isPentagon(cell.baseCell) ? 1 : 0
        let isOutside: UInt64 = cell.baseCell < BaseCells.count ? 0 : 1
        return (bits >> 56 ^ 0b0000_1000) | (bits & unused ^ unused) | isSeven | isInGap & isPentagonal | isOutside == 0
    }
}
