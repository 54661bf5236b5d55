extension H3Cell {
    /// The cell written as hexadecimal digits, either case, with or without `0x`.
    ///
    /// Stricter than C's `stringToH3`, which skips blanks, ignores what follows the digits and checks nothing.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `cellInvalid` where they name no cell.
    public init(_ hex: String) throws(H3Error) {
        var digits = hex[...]
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") { digits = digits.dropFirst(2) }
        // The radix parser takes a sign too.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            digits.utf8.count <= 16, let bits = UInt64(digits, radix: 16)
        else { throw .failed }
        guard let cell = H3Cell(bits) else { throw .cellInvalid }
        self = cell
    }
}

extension H3Cell: CustomStringConvertible {
    /// The index in lower-case hexadecimal digits, without leading zeros.
    public var description: String { String(bits, radix: 16) }
}
