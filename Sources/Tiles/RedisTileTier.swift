import Domain
package import Logging
package import Metrics
import NIOCore
package import Redis

/// Keeps tiles of the tier below in Redis, and lets only one of the processes that share it make each tile.
///
/// When Redis fails, the failure is counted and the tile comes from below, so clients do not notice. The Redis client
/// logs its failures itself; a line for every tile would bury them.
package struct RedisTileTier: TileSource {
    /// How long a tile is kept by default.
    package static let usualTimeToLive = Duration.seconds(300)
    /// How many generations old a tile may be that stands in for one that cannot be made.
    private static let staleVersions: Int64 = 16

    private let redis: RedisClient
    private let source: any TileSource
    private let generation: CurrentGeneration
    private let timeToLive: Duration
    private let logger: Logger
    private let requests: TierMetrics
    private let waits: Counter
    private let damaged: Counter
    /// How long one process may take to make a tile for all, and how long the others wait for it.
    var lockLimits = TileLock.Limits()

    /// - Parameter timeToLive: How long a tile is kept, at least a millisecond.
    package init(
        _ redis: RedisClient, above source: any TileSource, generation: CurrentGeneration,
        timeToLive: Duration = usualTimeToLive, logger: Logger, metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        requests = TierMetrics(tier: "redis", factory: metrics)
        waits = Counter(label: "tile_lock_waits_total", factory: metrics)
        damaged = Counter(label: "stored_tiles_damaged_total", factory: metrics)
        self.redis = redis
        self.source = source
        self.generation = generation
        self.timeToLive = timeToLive
        self.logger = logger
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        // Before the generation is known nothing can be looked up. A tile made below tells it.
        guard let known = generation.version(of: key) else {
            requests.miss(key)
            let tile = try await made(key)
            await store(tile, key)
            return tile
        }
        let finding = await stored(key, known)
        try Task.checkCancellation()
        switch finding {
        case .hit(let tile):
            requests.hit(key)
            return tile
        case .miss:
            requests.miss(key)
            return try await madeOnce(key, known)
        case .error:
            requests.error(key)
            // Redis has just failed, so asking again would only wait once more.
            return try await made(key)
        }
    }

    package func tile(afterMiss key: TileKey) async throws -> Tile {
        guard let known = generation.version(of: key) else { return try await tile(key) }
        requests.miss(key)
        return try await madeOnce(key, known)
    }

    package func look(for key: TileKey, _ done: @escaping @Sendable (TileFinding) -> Void) -> Bool {
        guard let known = generation.version(of: key) else { return false }
        let name = key.text(generation: known)
        redis.get(name) { reply in
            switch reply {
            case .success(nil): done(.missing)
            case .success(let bytes?):
                guard let tile = StoredTile.decode(bytes, name: name, generation: known) else { return done(.unknown) }
                requests.hit(key)
                done(.found(tile))
            case .failure: done(.unknown)
            }
        }
        return true
    }

    private enum Finding {
        case hit(Tile)
        case miss
        case error
    }

    private func stored(_ key: TileKey, _ generation: Int64) async -> Finding {
        let name = key.text(generation: generation)
        do {
            guard let bytes = try await redis.get(name) else { return .miss }
            if let tile = StoredTile.decode(bytes, name: name, generation: generation) { return .hit(tile) }
        } catch let failure where failure.isWrongType {
            // Treated like a damaged one.
        } catch {
            logger.debug("Redis did not answer, the tile is made without it", metadata: ["error": "\(error)"])
            return .error
        }
        await discard(name, key)
        return .miss
    }

    /// Makes the tile, unless another process is making it: then waits for that one.
    private func madeOnce(_ key: TileKey, _ known: Int64) async throws -> Tile {
        let name = key.text(generation: known)
        let lock = TileLock(redis, tile: name, limits: lockLimits)
        switch try await lock.wait() {
        case .made(let bytes):
            if let tile = StoredTile.decode(bytes, name: name, generation: known) {
                waits.increment()
                return tile
            }
            await discard(name, key)
        case .ours:
            do {
                let tile = try await made(key)
                await store(tile, key, thenRelease: lock)
                return tile
            } catch {
                lock.release()
                guard error is any TemporarilyUnavailable, let tile = await lastGood(key, before: known) else {
                    throw error
                }
                return tile
            }
        case .theirs, .none:
            break
        }
        let tile = try await made(key)
        await store(tile, key)
        return tile
    }

    /// Takes a damaged tile away.
    private func discard(_ name: String, _ key: TileKey) async {
        damaged.increment()
        logger.warning("a stored tile is damaged and is made again", metadata: ["tile": "\(key.address)"])
        // Otherwise waiting processes would find it. If the deletion fails, the new tile replaces it.
        _ = try? await redis.del([name])
    }

    private func made(_ key: TileKey) async throws -> Tile {
        let known = generation.version(of: key)
        let tile = try await source.tile(key).relabelled(atLeast: known)
        generation.note(tile.generation, of: key)
        return tile
    }

    /// The tile of the newest generation that Redis still has.
    private func lastGood(_ key: TileKey, before known: Int64) async -> Tile? {
        // Generations in which the tile did not change have none under their name.
        let versions = (max(0, known - Self.staleVersions)..<known).reversed()
        let names = versions.map { key.text(generation: $0) }
        guard let values = try? await redis.mget(names) else { return nil }
        for (version, (name, value)) in zip(versions, zip(names, values)) {
            guard let value, var tile = StoredTile.decode(value, name: name, generation: version) else { continue }
            tile.isStale = true
            return tile
        }
        return nil
    }

    /// Stores the tile under the generation it was made from, which may be newer than the requested one.
    private func store(_ tile: Tile, _ key: TileKey, thenRelease lock: TileLock? = nil) async {
        let name = key.text(generation: tile.generation)
        let set: RedisCommand = [
            "SET", .text(name), .bytes(StoredTile.encode(tile, name: name)), "PX",
            .integer(timeToLive.inMilliseconds),
        ]
        let replies = await redis.pipeline([set] + (lock.map { [$0.releaseCommand] } ?? []))
        guard let reply = replies.first, !reply.isOK else { return }
        if case .failure(let error) = reply, error.code == .cancelled {
            lock?.release()
            return
        }
        requests.error(key)
        logger.debug("Redis did not store a tile", metadata: ["reply": "\(reply)"])
    }
}
