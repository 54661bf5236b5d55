/// The parts of an index that distinguish a cell, a directed edge and a vertex.
enum IndexBits {
    static let cellMode: UInt64 = 1
    static let directedEdgeMode: UInt64 = 2
    static let vertexMode: UInt64 = 4

    /// The cell in an index of another mode.
    static func cell(of bits: UInt64) -> H3Cell {
        H3Cell(unchecked: bits & ~(0xFF << 56) | cellMode << 59)
    }

    /// The index of `mode` for a cell with a number, 0...7, in the bits that a cell does not use.
    static func index(_ cell: H3Cell, mode: UInt64, number: UInt64) -> UInt64 {
        cell.bits & ~(0xFF << 56) | mode << 59 | (number & 7) << 56
    }

    /// The number in the bits that a cell does not use.
    static func number(of bits: UInt64) -> UInt64 { bits >> 56 & 7 }

    /// Whether the reserved bit and the mode bits are those of `mode`.
    static func hasMode(_ mode: UInt64, _ bits: UInt64) -> Bool { bits >> 59 == mode }

    /// The bits written as 1 to 16 hexadecimal digits, with or without `0x`; nil for any other text.
    static func parse(_ hex: String) -> UInt64? {
        var digits = hex[...]
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") { digits = digits.dropFirst(2) }
        // The radix parser would accept a sign too.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            digits.utf8.count <= 16
        else { return nil }
        return UInt64(digits, radix: 16)
    }
}
