import Breaker
import Logging
import Postgres
import Server
import ServiceLifecycle
import Storage
import Tiles

/// The tiers that tiles come from, and the services that keep them up to date.
struct ServingTiles {
    let source: any TileSource
    let cache: TileCache
    let generation: CurrentGeneration
    /// The changes that clients are told.
    let changes: ChangeFeed
    /// The counts of requested tiles; `nil` when none are made after a refresh.
    let demand: TileDemand?
    let services: [any Service]

    /// How long the listener waits for an answer before it considers its connection lost.
    private static let listenerPatience = Duration.seconds(5)

    init(
        _ plan: ServingPlan, _ connections: ServingConnections, datasets: DatasetStore, sql: SQLFiles,
        answers: AnswerCache, outages: OutageLog, logger: Logger
    ) {
        let generation = CurrentGeneration()
        let changes = ChangeFeed()
        let cache = TileCache(byteLimit: plan.tileMemory, timeToLive: plan.tileTTL, staleAge: plan.tileStale)
        let shared = Self.sharedTiers(plan, connections, generation, sql: sql, logger: logger)
        let tiles = MemoryTileTier(
            cache,
            above: CoalescingTileSource(
                of: shared, generation: generation, limit: min(plan.tileTimeout, plan.server.requestTimeout)),
            generation: generation)
        let demand = plan.tileWarm > 0 ? TileDemand() : nil
        let (versions, teller) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let warmer = demand.map { demand in
            RefreshWarmer(
                demand, shared: connections.redis.map(RedisDemand.init),
                warmer: TileWarmer(
                    datasets, tiles: tiles, resolutions: plan.server.resolutions, cellLimit: plan.server.tileCells),
                tiles: plan.tileWarm, generation: generation, versions: versions, logger: logger)
        }
        var listening = ReadPool.readOnly(connections.options)
        listening.statementTimeout = Self.listenerPatience
        let generationListener = GenerationListener(listening, outages: outages, logger: logger) { news in
            // First the versions of tiles, so that a client that is told gets what is new.
            generation.hear(news)
            changes.hear(news)
            if let refreshed = generation.refreshed { teller.yield(refreshed) }
        }
        let cacheListener = CacheListener(
            ReadPool.readOnly(connections.options), cache: cache, outages: outages, logger: logger,
            onClear: { answers.removeAll() })
        services = [generationListener, cacheListener] + (warmer.map { [$0] } ?? [])
        source = tiles
        self.cache = cache
        self.generation = generation
        self.changes = changes
        self.demand = demand
    }

    /// The tiers below the memory of this server: Redis, a replica and PostgreSQL, as far as there are some.
    private static func sharedTiers(
        _ plan: ServingPlan, _ connections: ServingConnections, _ generation: CurrentGeneration, sql: SQLFiles,
        logger: Logger
    ) -> any TileSource {
        var tiles: any TileSource = PostGISTileSource(connections.readers, sql: sql)
        if let replica = connections.replica {
            tiles = ReplicaTileSource(
                PostGISTileSource(replica, sql: sql), primary: tiles, generation: generation, logger: logger)
        }
        guard let redis = connections.redis else { return tiles }
        // The tile of a generation never changes. So how long it is kept depends on room, and on standing in for a
        // newer one.
        return RedisTileTier(
            redis, above: tiles, generation: generation, timeToLive: max(plan.tileTTL, plan.tileStale), logger: logger)
    }
}
