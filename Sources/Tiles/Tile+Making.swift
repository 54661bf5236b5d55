package import NIOCore

extension Tile {
    /// A tile of encoded layers; no bytes at all make an empty one.
    package init(plain: UnsafeRawBufferPointer, generation: Int64) {
        self.init(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count, generation: generation,
            tag: ContentTag.of(plain))
    }

    /// A tile of encoded layers; no bytes at all make an empty one.
    package init(plain: ByteBuffer, generation: Int64) {
        self = plain.withUnsafeReadableBytes { Tile(plain: $0, generation: generation) }
    }

    /// The tile before compression.
    package func plain() throws(Gzip.Failure) -> ByteBuffer {
        isEmpty ? ByteBuffer() : try Gzip.decompress(gzip, limit: plainLength)
    }
}
