import Metrics
import Redis
import Storage
import Tiles

/// The gauges that are measured when they are read, not when something happens.
struct ServingGauges: Sendable {
    private let pool: ReadPool
    private let redis: RedisClient?
    private let cache: TileCache
    private let generation: CurrentGeneration
    private let leased = Gauge(label: "database_sessions_leased")
    private let waiting = Gauge(label: "database_sessions_waiting")
    private let databaseAlone = Gauge(label: "breaker_open", dimensions: [("of", "database")])
    private let redisAlone = Gauge(label: "breaker_open", dimensions: [("of", "redis")])
    private let tiles = Gauge(label: "tile_memory_tiles")
    private let bytes = Gauge(label: "tile_memory_bytes")
    private let evicted = Gauge(label: "tile_memory_evicted")
    private let version = Gauge(label: "view_generation")

    init(pool: ReadPool, redis: RedisClient?, cache: TileCache, generation: CurrentGeneration) {
        self.pool = pool
        self.redis = redis
        self.cache = cache
        self.generation = generation
    }

    func update() {
        let load = pool.load
        leased.record(load.leased)
        waiting.record(load.waiting)
        databaseAlone.record(pool.isLeftAlone ? 1 : 0)
        redisAlone.record(redis?.isLeftAlone == true ? 1 : 0)
        let kept = cache.load
        tiles.record(kept.tiles)
        bytes.record(kept.bytes)
        evicted.record(kept.evicted)
        version.record(generation.value ?? 0)
    }
}
