/// Hands out bytes piece by piece, each of about `pieceBytes`.
protocol ByteStream: AnyObject {
    /// The next piece, which is not empty; nil at the end.
    func next() throws(FeedError) -> [UInt8]?
}

/// How much is read, unpacked or decoded at a time, in bytes.
let pieceBytes = 1 << 20
