extension TileAddress {
    /// Parses an address from three segments of a path.
    ///
    /// Each must be plain decimal digits without sign, blank or leading zero, so that a tile has only one path.
    ///
    /// - Throws: ``TileAddressError`` naming the first field that is malformed or out of range.
    package init(
        pathZ z: some StringProtocol, x: some StringProtocol, y: some StringProtocol,
        maximumZoom: Int = usualMaximumZoom
    ) throws(TileAddressError) {
        try self.init(
            z: Self.number(z, .z), x: Self.number(x, .x), y: Self.number(y, .y), maximumZoom: maximumZoom)
    }

    private static func number(_ text: some StringProtocol, _ field: TileAddressError.Field)
        throws(TileAddressError) -> Int
    {
        let digits = text.utf8
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw TileAddressError(field: field, reason: "must be a whole number in decimal digits")
        }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw TileAddressError(field: field, reason: "must not have leading zeros")
        }
        // 2^30 has ten digits, and ten digits cannot overflow a 64-bit Int.
        guard digits.count <= 10 else {
            throw TileAddressError(field: field, reason: "is too large")
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
