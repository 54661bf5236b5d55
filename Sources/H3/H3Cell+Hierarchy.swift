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
}
