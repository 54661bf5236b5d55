extension H3Cell {
    /// The resolution.
    @inlinable public var resolution: Resolution { Resolution(unchecked: Int(truncatingIfNeeded: bits >> 52 & 0xF)) }

    /// The number of the cell of resolution 0 this cell descends from, 0...121.
    @inlinable public var baseCell: Int { Int(truncatingIfNeeded: bits >> 45 & 0x7F) }

    /// Whether the resolution is odd, so that the axes are turned against those of the icosahedron.
    @inlinable public var isResolutionClassIII: Bool { bits >> 52 & 1 != 0 }

    /// Whether the cell is one of the twelve pentagons of its resolution.
    @inlinable public var isPentagon: Bool {
        bits & (1 << 45 - 1) & ~Self.unusedDigits(at: resolution.number) == 0 && BaseCells.isPentagon(baseCell)
    }

    /// The digits 1...`resolution`, those past it as 0.
    var digits: Digits { Digits(bits: bits & Digits.mask & ~Self.unusedDigits(at: resolution.number)) }

    /// The bits, all set in a valid cell, of the digits past `resolution`, which must be 0...15.
    @inlinable static func unusedDigits(at resolution: Int) -> UInt64 {
        (1 &<< UInt64(truncatingIfNeeded: 45 - 3 * resolution)) &- 1
    }
}
