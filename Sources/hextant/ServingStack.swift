import Logging
import Postgres
import Redis
import Server
import Storage
import Telemetry
import Tiles

/// The parts behind the HTTP server, put together.
struct ServingStack {
    let sources: ServerSources
    let listener: GenerationListener
    let worker: JobWorker
    private let pool: ReadPool
    private let writers: WritePool
    private let redis: RedisClient?

    init(_ plan: ServingPlan, installation: Installation, registry: PrometheusRegistry, logger: Logger) throws {
        let sql = try installation.sql()
        let options = PostgresOptions(address: plan.databaseURL)
        let pool = ReadPool(
            options, capacity: plan.databaseConnections, statementTimeout: plan.statementTimeout)
        let writers = WritePool(options, capacity: 2, statementTimeout: plan.statementTimeout)
        let generation = CurrentGeneration()
        let redis = try plan.redisURL.map {
            try RedisClient(configuration: RedisConfiguration(url: $0), logger: logger)
        }
        var tiles: any TileSource = PostGISTileSource(pool, sql: sql)
        if let redis {
            tiles = RedisTileTier(
                redis, above: tiles, generation: generation, timeToLive: plan.tileTTL, logger: logger)
        }
        let risk = RiskStore(pool, sql: sql)
        sources = ServerSources(
            datasets: DatasetStore(pool, sql: sql), risk: risk, hotspots: risk, events: EventStore(pool, sql: sql),
            runs: RunStore(pool, writers: writers, sql: sql),
            ingest: (
                records: IngestRecords(pool, sql: sql),
                service: StoredFileIngest(options: options, sql: sql, installation: installation)
            ),
            tiles: CoalescingTileSource(of: tiles, generation: generation),
            health: [PostgresHealth(pool, migrations: try installation.migrations().count)],
            generation: generation, metrics: { registry.text() })
        listener = GenerationListener(ReadPool.session(options), logger: logger) { generation.advance(to: $0) }
        worker = JobWorker(
            options, sql: sql, slots: plan.jobSlots, schedules: plan.schedules, policy: plan.jobPolicy, logger: logger)
        self.pool = pool
        self.writers = writers
        self.redis = redis
    }

    func close() async {
        await redis?.close()
        await writers.close()
        await pool.close()
    }
}
