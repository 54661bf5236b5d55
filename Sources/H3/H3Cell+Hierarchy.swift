extension H3Cell {
    /// The cell of `resolution` this cell descends from; itself at its own resolution.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is outside 0...15, `resolutionMismatch` where it is finer.
    @inlinable
    public func parent(at resolution: Int) throws(H3Error) -> H3Cell {
        guard resolution >= 0, resolution <= 15 else { throw .resolutionDomain }
        guard resolution <= self.resolution else { throw .resolutionMismatch }
        let other = bits & ~(0xF &<< 52)
        return H3Cell(
            unchecked: other | UInt64(truncatingIfNeeded: resolution) &<< 52 | Self.unusedDigits(at: resolution))
    }

    /// The descendant of `resolution` at the middle of this cell; itself at its own resolution.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is outside 0...15, `resolutionMismatch` where it is coarser.
    @inlinable
    public func centerChild(at resolution: Int) throws(H3Error) -> H3Cell {
        guard resolution >= 0, resolution <= 15 else { throw .resolutionDomain }
        guard resolution >= self.resolution else { throw .resolutionMismatch }
        let kept = bits & ~(0xF &<< 52) & ~Self.unusedDigits(at: self.resolution)
        return H3Cell(
            unchecked: kept | UInt64(truncatingIfNeeded: resolution) &<< 52 | Self.unusedDigits(at: resolution))
    }

    /// The digit at `resolution`: 0...6 down to the cell's own resolution, 7 past it.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is outside 1...15.
    public func digit(at resolution: Int) throws(H3Error) -> Int {
        guard resolution >= 1, resolution <= 15 else { throw .resolutionDomain }
        return Int(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: 45 - 3 * resolution) & 7)
    }
}
