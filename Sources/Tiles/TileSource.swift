package import NIOCore

/// Makes tiles. Each tier is a source, and asks the one below it.
package protocol TileSource: Sendable {
    /// The tile of `key` from the served view, with the generation it was made from.
    func tile(_ key: TileKey) async throws -> Tile

    /// The tile of a key that ``look(for:_:)`` has just not found, so that no tier looks for it again.
    func tile(afterMiss key: TileKey) async throws -> Tile

    /// The tile of the served view if it is in this process: what can be told without waiting. A hit is counted.
    func atHand(_ key: TileKey) -> Tile?

    /// Looks for a tile that is not at hand in a store that keeps tiles, without a task that waits for it. A tile that
    /// is found is counted and kept at hand.
    /// - Parameter done: Called on a thread that it must not hold up.
    /// - Returns: Whether there is such a store; else `done` is not called.
    func look(for key: TileKey, _ done: @escaping @Sendable (TileFinding) -> Void) -> Bool
}

/// The result of a look into a store of tiles.
package enum TileFinding: Sendable {
    case found(Tile)
    /// The store has no such tile.
    case missing
    /// The store did not answer, or what it has cannot be read.
    case unknown
}

extension TileSource {
    package func tile(afterMiss key: TileKey) async throws -> Tile { try await tile(key) }

    package func atHand(_ key: TileKey) -> Tile? { nil }

    package func look(for key: TileKey, _ done: @escaping @Sendable (TileFinding) -> Void) -> Bool { false }
}

/// An encoded vector tile.
package struct Tile: Hashable, Sendable {
    /// The gzip of the Mapbox Vector Tile; empty when the tile has no feature.
    package var gzip: ByteBuffer
    /// The size of the tile before compression, in bytes.
    package var plainLength: Int
    /// The version of what it shows: the newest generation of the view that changed it.
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

    /// The tile with the version that was known before it was made, if that is newer than its own: nothing that it
    /// shows has changed between the two.
    func relabelled(atLeast known: Int64?) -> Tile {
        var tile = self
        if !isStale, let known { tile.generation = max(generation, known) }
        return tile
    }
}
