import CDeflate
import NIOCore

/// The form of a tile in Redis: a version byte, a checksum (4 bytes, big-endian), the plain length (4 bytes,
/// big-endian), the tag (its length in one byte, then UTF-8), then the gzip as it is sent.
///
/// The checksum is the CRC-32 of the name under which the tile is stored and of everything after it. It reveals a
/// flipped byte, a cut value and the value of another name.
enum StoredTile {
    private static let version: UInt8 = 2
    private static let headLength = 5

    /// - Parameter name: The name under which the tile will be stored.
    static func encode(_ tile: Tile, name: String) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(headLength + 5 + tile.tag.utf8.count + tile.gzip.readableBytes)
        bytes.writeInteger(version)
        bytes.writeInteger(UInt32(0))
        bytes.writeInteger(UInt32(tile.plainLength))
        bytes.writeInteger(UInt8(tile.tag.utf8.count))
        bytes.writeString(tile.tag)
        bytes.writeImmutableBuffer(tile.gzip)
        bytes.setInteger(check(bytes, name), at: 1)
        return bytes
    }

    /// Decodes a tile; `nil` when the bytes are incomplete, belong to another name, or were written by another version
    /// of this program.
    static func decode(_ stored: ByteBuffer, name: String, generation: Int64) -> Tile? {
        var bytes = stored
        guard bytes.readInteger(as: UInt8.self) == version, let stated = bytes.readInteger(as: UInt32.self),
            stated == check(stored, name), let plainLength = bytes.readInteger(as: UInt32.self),
            let tagLength = bytes.readInteger(as: UInt8.self), tagLength > 0,
            let tag = bytes.readString(length: Int(tagLength))
        else { return nil }
        return Tile(gzip: bytes, plainLength: Int(plainLength), generation: generation, tag: tag)
    }

    /// - Parameter bytes: The stored bytes including the head, which the checksum leaves out.
    private static func check(_ bytes: ByteBuffer, _ name: String) -> UInt32 {
        var name = name
        let ofName = name.withUTF8 { libdeflate_crc32(0, $0.baseAddress, $0.count) }
        return bytes.withUnsafeReadableBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(headLength))
            return libdeflate_crc32(ofName, body.baseAddress, body.count)
        }
    }
}
