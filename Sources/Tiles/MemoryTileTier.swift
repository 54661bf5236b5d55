package import Metrics
import Risk

/// Keeps tiles of the tier below in memory, and answers with the last good one when no newer one can be made.
package struct MemoryTileTier: TileSource {
    private let cache: TileCache
    private let source: any TileSource
    private let shared: RedisTileTier?
    private let generation: CurrentGeneration
    private let requests: TierMetrics
    private let stale: Counter

    /// - Parameter shared: The tier below that can tell without waiting whether it has a tile.
    package init(
        _ cache: TileCache, above source: any TileSource, shared: RedisTileTier? = nil, generation: CurrentGeneration,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        requests = TierMetrics(tier: "memory", factory: metrics)
        stale = Counter(label: "tile_stale_total", factory: metrics)
        self.cache = cache
        self.source = source
        self.shared = shared
        self.generation = generation
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        if let tile = kept(key) { return tile }
        requests.miss(key)
        do {
            let tile = try await source.tile(key)
            if tile.isStale { stale.increment() }
            generation.advance(to: tile.generation)
            cache.keep(tile, key)
            return tile
        } catch let error as any TemporarilyUnavailable {
            guard let tile = cache.lastGood(key) else { throw error }
            stale.increment()
            return tile
        }
    }

    /// The tile of the served view if it is in memory. It does not wait. A hit is counted.
    package func kept(_ key: TileKey) -> Tile? {
        guard let generation = generation.value, let tile = cache.tile(key, generation: generation) else { return nil }
        requests.hit(key)
        return tile
    }

    /// Looks in Redis for a tile that is not in memory, without a waiting task. A tile found there is kept and counted.
    /// - Parameter done: Called on a thread that it must not block; `nil` means that the tile must be requested.
    /// - Returns: Whether the tile is looked for; if not, `done` is not called.
    package func fetch(_ key: TileKey, _ done: @escaping @Sendable (Tile?) -> Void) -> Bool {
        guard let shared else { return false }
        return shared.fetch(key) { tile in
            if let tile {
                requests.miss(key)
                cache.keep(tile, key)
            }
            done(tile)
        }
    }
}
