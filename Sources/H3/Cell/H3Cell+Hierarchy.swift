extension H3Cell {
    /// The ancestor of this cell at `resolution`; the cell itself at its own resolution.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionMismatch` where `resolution` is finer.
    @inlinable
    public func parent(at resolution: Resolution) throws(H3Error) -> H3Cell {
        guard resolution <= self.resolution else { throw .resolutionMismatch }
        let other = bits & ~(0xF &<< 52)
        return H3Cell(
            unchecked: other | UInt64(truncatingIfNeeded: resolution.number) &<< 52
                | Self.unusedDigits(at: resolution.number))
    }

    /// The descendant at the centre of this cell at `resolution`; the cell itself at its own resolution.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is coarser.
    @inlinable
    public func centerChild(at resolution: Resolution) throws(H3Error) -> H3Cell {
        guard resolution >= self.resolution else { throw .resolutionDomain }
        let kept = bits & ~(0xF &<< 52) & ~Self.unusedDigits(at: self.resolution.number)
        return H3Cell(
            unchecked: kept | UInt64(truncatingIfNeeded: resolution.number) &<< 52
                | Self.unusedDigits(at: resolution.number))
    }

    /// The digit at `resolution`: 0...6 down to the cell's own resolution, 7 past it.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is 0.
    public func digit(at resolution: Resolution) throws(H3Error) -> Int {
        guard resolution > 0 else { throw .resolutionDomain }
        return Int(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: 45 - 3 * resolution.number) & 7)
    }
}
