/// An edge of a cell, seen from that cell: the border from its origin to its destination.
///
/// The 64 bits are those of the origin with mode 2 and the direction, 1...6, in place of the three reserved bits.
///
/// Each property and call takes constant time and allocates nothing.
public struct H3DirectedEdge: Hashable, Sendable {
    /// The index as an unsigned number.
    public let bits: UInt64

    /// Creates the edge of an index; nil where the index is not that of a valid directed edge.
    public init?(_ bits: UInt64) {
        guard Self.isValid(bits) else { return nil }
        self.bits = bits
    }

    /// Creates the edge of an index that is known to be valid. Nothing is checked.
    ///
    /// With any other bits the results of properties have no meaning, but none of them traps.
    public init(unchecked bits: UInt64) {
        self.bits = bits
    }

    /// Creates the edge from a cell to one of its neighbours.
    ///
    /// - Throws: `notNeighbors`, also where the cells have different resolutions.
    public init(from origin: H3Cell, to destination: H3Cell) throws(H3Error) {
        guard let direction = origin.direction(to: destination) else { throw .notNeighbors }
        self.init(origin, direction: direction)
    }

    /// Parses an edge from hexadecimal digits, in either case, with or without `0x`.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `directedEdgeInvalid` where they are not an
    ///   edge.
    public init(_ hex: String) throws(H3Error) {
        guard let bits = IndexBits.parse(hex) else { throw .failed }
        guard let edge = H3DirectedEdge(bits) else { throw .directedEdgeInvalid }
        self = edge
    }

    init(_ origin: H3Cell, direction: UInt64) {
        bits = IndexBits.index(origin, mode: IndexBits.directedEdgeMode, number: direction)
    }

    /// Whether `bits` is the index of a directed edge: of a valid cell, in a direction in which it has a neighbour.
    public static func isValid(_ bits: UInt64) -> Bool {
        let origin = IndexBits.cell(of: bits)
        guard IndexBits.hasMode(IndexBits.directedEdgeMode, bits), H3Cell.isValid(origin.bits) else { return false }
        return (origin.isPentagon ? 2...6 : 1...6).contains(IndexBits.number(of: bits))
    }

    /// The cell that the edge belongs to.
    public var origin: H3Cell { IndexBits.cell(of: bits) }

    /// The cell on the other side.
    public var destination: H3Cell {
        var turns = 0
        return origin.neighbor(toward: direction, turns: &turns) ?? origin
    }

    /// The same border seen from the other side.
    public var reversed: H3DirectedEdge {
        let destination = destination
        return H3DirectedEdge(destination, direction: destination.direction(to: origin) ?? 0)
    }

    /// The direction from the origin, 1...6.
    var direction: UInt64 { IndexBits.number(of: bits) }
}

extension H3DirectedEdge: Comparable {
    /// Whether the bits of `left` are the smaller number.
    public static func < (left: H3DirectedEdge, right: H3DirectedEdge) -> Bool { left.bits < right.bits }
}

extension H3DirectedEdge: CustomStringConvertible {
    /// The index in lower-case hexadecimal digits, without leading zeros.
    public var description: String { String(bits, radix: 16) }
}
