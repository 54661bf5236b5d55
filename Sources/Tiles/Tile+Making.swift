package import NIOCore

extension Tile {
    /// A tile of encoded layers; no bytes at all make an empty one.
    package init(plain: ByteBuffer, generation: Int64) {
        self.init(
            gzip: plain.readableBytes == 0 ? ByteBuffer() : Gzip.compress(plain),
            plainLength: plain.readableBytes, generation: generation, tag: ContentTag.of(plain))
    }

    /// The tile before compression.
    package func plain() throws(Gzip.Failure) -> ByteBuffer {
        isEmpty ? ByteBuffer() : try Gzip.decompress(gzip, limit: plainLength)
    }
}
