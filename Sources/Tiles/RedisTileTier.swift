package import Logging
package import Metrics
package import Redis

/// Keeps the tiles of the tier below in Redis.
///
/// A failure of Redis is counted, and the tile comes from below: nobody who asks for one notices. The client of Redis
/// logs its own failures; a line for every tile would bury them.
package struct RedisTileTier: TileSource {
    /// How long a tile is kept unless told otherwise.
    package static let usualTimeToLive = Duration.seconds(300)

    private let redis: RedisClient
    private let source: any TileSource
    private let generation: CurrentGeneration
    private let timeToLive: Duration
    private let logger: Logger
    private let hits: Counter
    private let misses: Counter
    private let errors: Counter

    /// - Parameter timeToLive: How long a tile is kept, a millisecond or more.
    package init(
        _ redis: RedisClient, above source: any TileSource, generation: CurrentGeneration,
        timeToLive: Duration = usualTimeToLive, logger: Logger, metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        func counter(_ outcome: String) -> Counter {
            Counter(
                label: "tile_requests_total", dimensions: [("tier", "redis"), ("outcome", outcome)], factory: metrics)
        }
        hits = counter("hit")
        misses = counter("miss")
        errors = counter("error")
        self.redis = redis
        self.source = source
        self.generation = generation
        self.timeToLive = timeToLive
        self.logger = logger
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        var isAvailable = true
        // Before the version is known nothing can be looked up, and the tile made below tells it.
        if let generation = generation.value {
            let finding = await stored(key, generation)
            try Task.checkCancellation()
            switch finding {
            case .hit(let tile):
                hits.increment()
                return tile
            case .miss:
                misses.increment()
            case .error:
                errors.increment()
                isAvailable = false
            }
        } else {
            misses.increment()
        }
        let tile = try await source.tile(key)
        generation.advance(to: tile.generation)
        // What has just failed would only make the client wait once more.
        if isAvailable { await store(tile, key) }
        return tile
    }

    private enum Finding {
        case hit(Tile)
        case miss
        case error
    }

    private func stored(_ key: TileKey, _ generation: Int64) async -> Finding {
        do {
            guard let bytes = try await redis.get(key.text(generation: generation)) else { return .miss }
            guard let tile = StoredTile.decode(bytes, generation: generation) else {
                logger.warning("a stored tile is damaged and is made again", metadata: ["tile": "\(key.address)"])
                return .miss
            }
            return .hit(tile)
        } catch {
            logger.debug("Redis did not answer, the tile is made without it", metadata: ["error": "\(error)"])
            return .error
        }
    }

    /// Under the version it was made from, which may be newer than the one that was asked for.
    private func store(_ tile: Tile, _ key: TileKey) async {
        do {
            try await redis.set(
                key.text(generation: tile.generation), StoredTile.encode(tile), ttl: timeToLive)
        } catch {
            if error.code == .cancelled { return }
            errors.increment()
            logger.debug("Redis did not keep a tile", metadata: ["error": "\(error)"])
        }
    }
}
