/// An index of any of the three modes.
public enum H3Index: Hashable, Sendable {
    /// A cell (mode 1).
    case cell(H3Cell)
    /// A directed edge (mode 2).
    case directedEdge(H3DirectedEdge)
    /// A vertex (mode 4).
    case vertex(H3Vertex)

    /// Creates the index from its bits; nil where they are not an index.
    public init?(_ bits: UInt64) {
        if let cell = H3Cell(bits) {
            self = .cell(cell)
        } else if let edge = H3DirectedEdge(bits) {
            self = .directedEdge(edge)
        } else if let vertex = H3Vertex(bits) {
            self = .vertex(vertex)
        } else {
            return nil
        }
    }

    /// Parses an index from hexadecimal digits, in either case, with or without `0x`.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `indexInvalid` where they are not an index.
    public init(_ hex: String) throws(H3Error) {
        guard let index = H3Index(try Self.bits(hex)) else { throw .indexInvalid }
        self = index
    }

    /// The 64 bits written as hexadecimal digits, in either case, with or without `0x`, whether or not they are an
    /// index.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits.
    public static func bits(_ hex: String) throws(H3Error) -> UInt64 {
        guard let bits = IndexBits.parse(hex) else { throw .failed }
        return bits
    }

    /// Whether `bits` is the index of a cell, a directed edge or a vertex.
    public static func isValid(_ bits: UInt64) -> Bool { H3Index(bits) != nil }

    /// The index as an unsigned number.
    public var bits: UInt64 {
        switch self {
        case .cell(let cell): cell.bits
        case .directedEdge(let edge): edge.bits
        case .vertex(let vertex): vertex.bits
        }
    }

    /// The cell itself, the origin of the edge or the owner of the vertex.
    public var owner: H3Cell { IndexBits.cell(of: bits) }
}
