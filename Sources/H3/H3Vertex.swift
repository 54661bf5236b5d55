/// A vertex of the grid, where three cells meet; of the three, the one with the lowest index owns it.
///
/// The 64 bits are those of the owner with mode 4 and the vertex's number in it, 0...5, in place of the three reserved
/// bits. So the vertex has one index from whichever cell it is reached.
///
/// Each property and call takes constant time and allocates nothing.
public struct H3Vertex: Hashable, Sendable {
    /// The index as an unsigned number.
    public let bits: UInt64

    /// The vertex of an index, or nil where the index is not that of a valid vertex.
    public init?(_ bits: UInt64) {
        guard Self.isValid(bits) else { return nil }
        self.bits = bits
    }

    /// The vertex of an index that is known to be valid; nothing is checked.
    ///
    /// With any other bits the properties answer something without meaning, but none of them traps.
    public init(unchecked bits: UInt64) {
        self.bits = bits
    }

    /// The vertex written as hexadecimal digits, either case, with or without `0x`.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `vertexInvalid` where they name no vertex.
    public init(_ hex: String) throws(H3Error) {
        guard let bits = IndexBits.parse(hex) else { throw .failed }
        guard let vertex = H3Vertex(bits) else { throw .vertexInvalid }
        self = vertex
    }

    init(_ owner: H3Cell, number: Int) {
        bits = IndexBits.index(owner, mode: IndexBits.vertexMode, number: UInt64(truncatingIfNeeded: number))
    }

    /// Whether `bits` is the index of a vertex: of a valid cell, one of its vertices, and one that it owns.
    public static func isValid(_ bits: UInt64) -> Bool {
        let owner = IndexBits.cell(of: bits)
        guard IndexBits.hasMode(IndexBits.vertexMode, bits), H3Cell.isValid(owner.bits) else { return false }
        return (try? owner.vertex(Int(IndexBits.number(of: bits))))?.bits == bits
    }

    /// The cell that owns the vertex.
    public var owner: H3Cell { IndexBits.cell(of: bits) }

    /// Where the vertex is, in degrees.
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
