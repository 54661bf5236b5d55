/// A cell of the H3 grid: a hexagon, or one of twelve pentagons, at a resolution of 0...15.
///
/// The 64 bits are, from the highest: 1 reserved, 4 of mode (1 for a cell), 3 reserved, 4 of resolution, 7 of base cell
/// (0...121), then fifteen digits of 3 bits (0...6; 7 past the cell's resolution). Cells are ordered by these bits.
///
/// Unless stated otherwise, a property or call takes constant time and allocates nothing but the array it returns.
public struct H3Cell: Hashable, Sendable {
    /// The index as an unsigned number.
    public let bits: UInt64

    /// Creates the cell of an index; nil where the index is not that of a valid cell.
    public init?(_ bits: UInt64) {
        guard Self.isValid(bits) else { return nil }
        self.bits = bits
    }

    /// Creates the cell of an index that is known to be valid. Nothing is checked.
    ///
    /// With any other bits the results of properties have no meaning, but none of them traps.
    @inlinable
    public init(unchecked bits: UInt64) {
        self.bits = bits
    }

    /// Creates the cell of an index stored as a signed number (a `bigint` column); nil where it is not a valid cell.
    public init?(bitPattern: Int64) {
        self.init(UInt64(bitPattern: bitPattern))
    }

    /// The index as a signed number, for databases without unsigned ones.
    @inlinable public var bitPattern: Int64 { Int64(bitPattern: bits) }
}

extension H3Cell: Comparable {
    /// Whether the bits of `left` are the smaller number: the coarser cell, or the one earlier in the order of base
    /// cells and digits.
    @inlinable
    public static func < (left: H3Cell, right: H3Cell) -> Bool { left.bits < right.bits }
}
