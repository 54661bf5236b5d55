import NIOCore

/// How a tile lies in Redis: a version byte, the plain length (4 bytes, big-endian), the tag (its length in one byte,
/// then UTF-8), then the gzip as it is sent.
enum StoredTile {
    private static let version: UInt8 = 1

    static func encode(_ tile: Tile) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(6 + tile.tag.utf8.count + tile.gzip.readableBytes)
        bytes.writeInteger(version)
        bytes.writeInteger(UInt32(tile.plainLength))
        bytes.writeInteger(UInt8(tile.tag.utf8.count))
        bytes.writeString(tile.tag)
        bytes.writeImmutableBuffer(tile.gzip)
        return bytes
    }

    /// `nil` when the bytes are not whole, or were written by another version of this program.
    static func decode(_ stored: ByteBuffer, generation: Int64) -> Tile? {
        var bytes = stored
        guard bytes.readInteger(as: UInt8.self) == version,
            let plainLength = bytes.readInteger(as: UInt32.self),
            let tagLength = bytes.readInteger(as: UInt8.self), tagLength > 0,
            let tag = bytes.readString(length: Int(tagLength))
        else { return nil }
        // The trailer of a gzip member repeats the plain length, which tells a value that was cut.
        let trailer = bytes.getInteger(at: bytes.writerIndex - 4, endianness: .little, as: UInt32.self)
        let isWhole = plainLength == 0 ? bytes.readableBytes == 0 : bytes.readableBytes >= 18 && trailer == plainLength
        guard isWhole else { return nil }
        return Tile(gzip: bytes, plainLength: Int(plainLength), generation: generation, tag: tag)
    }
}
