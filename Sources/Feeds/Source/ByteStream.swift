/// Returns bytes block by block, each of about `pieceBytes`.
protocol ByteStream: AnyObject {
    /// The next block, which is not empty; nil at the end.
    func next() throws(FeedError) -> [UInt8]?
}

/// How many bytes are read, decompressed or decoded at a time.
let pieceBytes = 1 << 20
