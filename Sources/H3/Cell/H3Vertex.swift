/// A vertex of the grid, where three cells meet. The cell with the lowest index owns it.
///
/// The 64 bits are those of the owner with mode 4 and the vertex's number in it, 0...5, in place of the three reserved
/// bits. So the vertex has the same index from all three cells.
///
/// Each property and call takes constant time and allocates nothing.
public struct H3Vertex: Hashable, Sendable {
    /// The index as an unsigned number.
    public let bits: UInt64

    /// Creates the vertex of an index; nil where the index is not that of a valid vertex.
    public init?(_ bits: UInt64) {
        guard Self.isValid(bits) else { return nil }
        self.bits = bits
    }

    /// Creates the vertex of an index that is known to be valid. Nothing is checked.
    ///
    /// With any other bits the results of properties have no meaning, but none of them traps.
    public init(unchecked bits: UInt64) {
        self.bits = bits
    }

    /// Parses a vertex from hexadecimal digits, in either case, with or without `0x`.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `vertexInvalid` where they are not a vertex.
    public init(_ hex: String) throws(H3Error) {
        guard let bits = IndexBits.parse(hex) else { throw .failed }
        guard let vertex = H3Vertex(bits) else { throw .vertexInvalid }
        self = vertex
    }

    init(_ owner: H3Cell, number: Int) {
        bits = IndexBits.index(owner, mode: IndexBits.vertexMode, number: UInt64(truncatingIfNeeded: number))
    }

    /// Whether `bits` is the index of a vertex: one of a valid cell, which owns it.
    public static func isValid(_ bits: UInt64) -> Bool {
        let owner = IndexBits.cell(of: bits)
        guard IndexBits.hasMode(IndexBits.vertexMode, bits), H3Cell.isValid(owner.bits) else { return false }
        return (try? owner.vertex(Int(IndexBits.number(of: bits))))?.bits == bits
    }

    /// The cell that owns the vertex.
    public var owner: H3Cell { IndexBits.cell(of: bits) }

    /// The position of the vertex in degrees.
    public var latLng: LatLng {
        let number = Int(IndexBits.number(of: bits))
        let outline = owner.outline(from: number, count: 1)
        return outline.first ?? owner.center
    }
}

extension H3Vertex: Comparable {
    /// Whether the bits of `left` are the smaller number.
    public static func < (left: H3Vertex, right: H3Vertex) -> Bool { left.bits < right.bits }
}

extension H3Vertex: CustomStringConvertible {
    /// The index in lower-case hexadecimal digits, without leading zeros.
    public var description: String { String(bits, radix: 16) }
}
