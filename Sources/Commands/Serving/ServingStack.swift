import Accounts
import Domain
import Limits
import Logging
import Postgres
import Redis
import Server
import ServiceLifecycle
import Storage
import Telemetry
import Tiles
import Work

/// The parts behind the HTTP server, put together.
struct ServingStack {
    let sources: ServerSources
    /// The services that run beside the server.
    let services: [any Service]
    /// How long the listener waits for an answer before it considers its connection lost.
    private static let listenerPatience = Duration.seconds(5)
    private let pool: ReadPool
    private let replica: ReadPool?
    private let writers: WritePool
    private let redis: RedisClient?

    init(_ plan: ServingPlan, installation: Installation, registry: PrometheusRegistry, logger: Logger) throws {
        let sql = try installation.sql()
        let options = PostgresOptions(url: plan.databaseURL)
        let pool = ReadPool(
            options, capacity: plan.databaseConnections, statementTimeout: plan.statementTimeout)
        let writers = WritePool(options, capacity: 4, statementTimeout: plan.statementTimeout)
        let generation = CurrentGeneration()
        let redis = try plan.redisURL.map {
            try RedisClient(configuration: RedisConfiguration(url: $0), logger: logger)
        }
        let replica = plan.databaseReplicaURL.map {
            ReadPool(
                PostgresOptions(url: $0), capacity: plan.databaseConnections,
                statementTimeout: plan.statementTimeout)
        }
        var made: any TileSource = PostGISTileSource(pool, sql: sql)
        if let replica {
            made = ReplicaTileSource(
                PostGISTileSource(replica, sql: sql), primary: made, generation: generation, logger: logger)
        }
        // The tile of a generation never changes. So how long it is kept depends on room, and on standing in for a
        // newer one.
        if let redis {
            made = RedisTileTier(
                redis, above: made, generation: generation, timeToLive: max(plan.tileTTL, plan.tileStale),
                logger: logger)
        }
        let access = AccessVersion()
        let audit = AuditTrail(AuditStore(writers, sql: sql), logger: logger)
        let accessListener = AccessListener(ReadPool.readOnly(options), access: access, logger: logger)
        let cache = TileCache(byteLimit: plan.tileMemory, timeToLive: plan.tileTTL, staleAge: plan.tileStale)
        let tiles = MemoryTileTier(
            cache,
            above: CoalescingTileSource(
                of: made, generation: generation, limit: min(plan.tileTimeout, plan.server.requestTimeout)),
            generation: generation)
        let gauges = ServingGauges(pool: pool, redis: redis, cache: cache, generation: generation)
        let risk = RiskStore(pool, sql: sql)
        var health: [any HealthRepository] = [
            PostgresHealth(pool, migrations: try installation.migrations().count, oldest: plan.viewMaxAge)
        ]
        if let redis { health.append(RedisHealth(redis)) }
        let datasets = DatasetStore(pool, sql: sql)
        let demand = plan.tileWarm > 0 ? TileDemand() : nil
        let (versions, teller) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let refreshWarmer = demand.map { demand in
            RefreshWarmer(
                demand, shared: redis.map(RedisDemand.init),
                warmer: TileWarmer(
                    datasets, tiles: tiles, resolutions: plan.server.resolutions, cellLimit: plan.server.tileCells),
                tiles: plan.tileWarm, generation: generation, versions: versions, logger: logger)
        }
        sources = ServerSources(
            datasets: datasets, risk: risk, topCells: risk, events: EventStore(pool, sql: sql),
            polygons: DrawnPolygonStore(pool, sql: sql), runs: RunStore(pool, writers: writers, sql: sql),
            ingest: (
                records: IngestRecords(pool, sql: sql),
                service: FileIngest(options, sql: sql, mappings: installation.mappings, letters: plan.letters)
            ),
            tiles: tiles,
            administration: StoredDatasets(options: options, sql: sql),
            caches: ServedCaches(redis: redis, database: writers),
            health: health,
            generation: generation, rates: redis.map { SharedBuckets($0, orElse: LocalBuckets()) }, demand: demand,
            accounts: AccountSources(
                accounts: SignInStore(writers, sql: sql), audit: audit, access: access, tokens: plan.tokens),
            metrics: {
                gauges.update()
                return registry.text()
            })
        var listening = ReadPool.readOnly(options)
        listening.statementTimeout = Self.listenerPatience
        let listener = GenerationListener(listening, logger: logger) { version in
            generation.advance(to: version)
            teller.yield(version)
        }
        let cacheListener = CacheListener(ReadPool.readOnly(options), cache: cache, logger: logger)
        let worker = JobWorker(
            options, sql: sql, slots: plan.jobSlots, schedules: plan.schedules, policy: plan.jobPolicy, logger: logger)
        let sweeper = BatchSweeper(options, sql: sql, logger: logger)
        services =
            [listener, accessListener, cacheListener, audit, worker, sweeper] + (refreshWarmer.map { [$0] } ?? [])
        self.pool = pool
        self.replica = replica
        self.writers = writers
        self.redis = redis
    }

    func close() async {
        await redis?.close()
        await writers.close()
        await replica?.close()
        await pool.close()
    }
}
