extension H3Cell {
    /// Parses a cell from hexadecimal digits, in either case, with or without `0x`.
    ///
    /// It is stricter than C's `stringToH3`, which skips blanks, ignores what follows the digits and checks nothing.
    ///
    /// - Throws: `failed` where `hex` is not 1 to 16 hexadecimal digits, `cellInvalid` where they are not a cell.
    public init(_ hex: String) throws(H3Error) {
        guard let bits = IndexBits.parse(hex) else { throw .failed }
        guard let cell = H3Cell(bits) else { throw .cellInvalid }
        self = cell
    }
}

extension H3Cell: CustomStringConvertible {
    /// The index in lower-case hexadecimal digits, without leading zeros.
    public var description: String { String(bits, radix: 16) }
}
