extension H3Cell {
    /// Whether `bits` is the index of a cell: mode 1, no reserved bit set, a base cell that exists, digits below 7 up to
    /// the resolution and 7 past it, and not in the part of a base cell that its pentagon does not have.
    ///
    /// No loop: constant time.
    public static func isValid(_ bits: UInt64) -> Bool {
        let cell = H3Cell(unchecked: bits)
        guard bits >> 56 == 0b0000_1000, cell.baseCell < BaseCells.count else { return false }
        let unused = unusedDigits(at: cell.resolution.number)
        guard bits & unused == unused else { return false }
        let digits = cell.digits
        guard !digits.hasSeven else { return false }
        return !(BaseCells.isPentagon(cell.baseCell) && digits.leading == Digits.k)
    }
}
