extension H3Cell {
    /// Whether `bits` is the index of a cell: mode 1, no reserved bit set, a base cell that exists, digits below 7 up to
    /// the resolution and 7 past it, and not in the part of a base cell that its pentagon does not have.
    ///
    /// No loop: constant time.
    @inlinable
    public static func isValid(_ bits: UInt64) -> Bool {
        let cell = H3Cell(unchecked: bits)
        let unused = unusedDigits(at: cell.resolution.number)
        let digits = bits & (1 << 45 - 1) & ~unused
        // The lowest bit of every digit.
        let ones: UInt64 = 0o111_111_111_111_111
        guard bits >> 56 == 0b0000_1000, cell.baseCell < BaseCells.count, bits & unused == unused,
            digits & digits >> 1 & digits >> 2 & ones == 0
        else { return false }
        // The first digit that is not 0 is 1 where the highest bit is the lowest of a digit.
        let isInGap = ones & ((1 << 63) &>> UInt64(truncatingIfNeeded: digits.leadingZeroBitCount)) != 0
        return !(isInGap && BaseCells.isPentagon(cell.baseCell))
    }
}
