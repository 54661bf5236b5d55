import Domain
package import Metrics

/// Keeps tiles of the tier below in memory, and answers with the last good one when no newer one can be made.
package struct MemoryTileTier: TileSource {
    private let cache: TileCache
    private let source: any TileSource
    private let generation: CurrentGeneration
    private let requests: TierMetrics
    private let stale: Counter

    package init(
        _ cache: TileCache, above source: any TileSource, generation: CurrentGeneration,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        requests = TierMetrics(tier: "memory", factory: metrics)
        stale = Counter(label: "tile_stale_total", factory: metrics)
        self.cache = cache
        self.source = source
        self.generation = generation
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        if let tile = atHand(key) { return tile }
        requests.miss(key)
        return try await made(key) { try await source.tile(key) }
    }

    package func tile(afterMiss key: TileKey) async throws -> Tile {
        if let tile = atHand(key) { return tile }
        requests.miss(key)
        return try await made(key) { try await source.tile(afterMiss: key) }
    }

    package func atHand(_ key: TileKey) -> Tile? {
        guard let generation = generation.version(of: key), let tile = cache.tile(key, generation: generation) else {
            return nil
        }
        requests.hit(key)
        return tile
    }

    package func look(for key: TileKey, _ done: @escaping @Sendable (TileFinding) -> Void) -> Bool {
        source.look(for: key) { finding in
            if case .found(let tile) = finding {
                requests.miss(key)
                cache.keep(tile, key)
            }
            done(finding)
        }
    }

    private func made(_ key: TileKey, _ make: () async throws -> Tile) async throws -> Tile {
        let known = generation.version(of: key)
        do {
            let tile = try await make().relabelled(atLeast: known)
            if tile.isStale { stale.increment() }
            generation.note(tile.generation, of: key)
            cache.keep(tile, key)
            return tile
        } catch let error as any TemporarilyUnavailable {
            guard let tile = cache.lastGood(key) else { throw error }
            stale.increment()
            return tile
        }
    }
}
