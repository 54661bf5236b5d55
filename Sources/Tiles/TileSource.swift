package import NIOCore

/// Makes tiles. Each tier is a source, and asks the one below it.
package protocol TileSource: Sendable {
    /// The tile of `key` from the served view, with the generation it was made from.
    func tile(_ key: TileKey) async throws -> Tile
}

/// An encoded vector tile.
package struct Tile: Hashable, Sendable {
    /// The gzip of the Mapbox Vector Tile; empty when the tile has no feature.
    package var gzip: ByteBuffer
    /// The size of the tile before compression, in bytes.
    package var plainLength: Int
    /// The generation of the view it was made from.
    package var generation: Int64
    /// A strong validator of the content, without quotes and without the suffix for an encoding.
    package var tag: String
    /// Whether it stands in for a newer tile that could not be made.
    package var isStale = false

    package var isEmpty: Bool { plainLength == 0 }

    package init(gzip: ByteBuffer, plainLength: Int, generation: Int64, tag: String) {
        self.gzip = gzip
        self.plainLength = plainLength
        self.generation = generation
        self.tag = tag
    }
}
