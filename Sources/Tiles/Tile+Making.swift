import Caching
package import Compression
package import NIOCore

extension Tile {
    /// Creates a tile from encoded layers; without any bytes it is empty.
    package init(plain: UnsafeRawBufferPointer, generation: Int64) {
        self.init(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count, generation: generation,
            tag: ContentTag.of(plain))
    }

    /// Creates a tile from encoded layers; without any bytes it is empty.
    package init(plain: ByteBuffer, generation: Int64) {
        self = plain.withUnsafeReadableBytes { Tile(plain: $0, generation: generation) }
    }

    /// The decompressed tile.
    package func plain() throws(Gzip.Failure) -> ByteBuffer {
        isEmpty ? ByteBuffer() : try Gzip.decompress(gzip, limit: plainLength)
    }
}
