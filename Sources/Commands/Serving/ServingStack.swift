import Accounts
import Breaker
import Domain
import Limits
import Logging
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
    let inspection: SettingsInspection
    private let connections: ServingConnections

    init(_ plan: ServingPlan, installation: Installation, registry: PrometheusRegistry, logger: Logger) throws {
        let sql = try installation.sql()
        let connections = try ServingConnections(plan, logger: logger)
        let (readers, writers, options) = (connections.readers, connections.writers, connections.options)
        let outages = OutageLog.ofDatabase()
        let datasets = DatasetStore(readers, sql: sql)
        let tiles = ServingTiles(plan, connections, datasets: datasets, sql: sql, outages: outages, logger: logger)
        let access = AccessVersion()
        let audit = AuditTrail(AuditStore(writers, sql: sql), logger: logger)
        let gauges = ServingGauges(
            pool: readers, redis: connections.redis, cache: tiles.cache, generation: tiles.generation)
        let risk = RiskStore(readers, sql: sql)
        sources = ServerSources(
            datasets: datasets, risk: risk, topCells: risk, events: EventStore(readers, sql: sql),
            polygons: DrawnPolygonStore(readers, sql: sql), runs: RunStore(readers, writers: writers, sql: sql),
            ingest: (
                records: IngestRecords(readers, sql: sql),
                service: FileIngest(options, sql: sql, mappings: installation.mappings, letters: plan.letters)
            ),
            alerts: AlertStore(readers, sql: sql), tiles: tiles.source,
            administration: StoredDatasets(options: options, sql: sql),
            caches: ServedCaches(redis: connections.redis, database: writers),
            health: try Self.health(plan, connections, installation),
            generation: tiles.generation, rates: connections.redis.map { SharedBuckets($0, orElse: LocalBuckets()) },
            demand: tiles.demand,
            accounts: AccountSources(
                accounts: SignInStore(writers, sql: sql), audit: audit, access: access, tokens: plan.tokens),
            outages: outages,
            metrics: {
                gauges.update()
                return registry.text()
            })
        let others: [any Service] = [
            AccessListener(ReadPool.readOnly(options), access: access, outages: outages, logger: logger), audit,
            JobWorker(
                options, sql: sql, slots: plan.jobSlots, schedules: plan.schedules, policy: plan.jobPolicy,
                outages: outages, logger: logger),
            BatchSweeper(options, sql: sql, logger: logger), PartitionUpkeep(options, logger: logger),
            AlertService(options, sql: sql, fetcher: .ofWebhooks(), logger: logger),
            OperationMetrics(writers, sql: sql, datasets: plan.datasetMetrics, logger: logger),
        ]
        services = tiles.services + others
        inspection = SettingsInspection(plan, sql: sql, redis: connections.redis)
        self.connections = connections
    }

    private static func health(
        _ plan: ServingPlan, _ connections: ServingConnections, _ installation: Installation
    ) throws -> [any HealthRepository] {
        let database = PostgresHealth(
            connections.readers, migrations: try installation.migrations().count, oldest: plan.viewMaxAge)
        return [database] + (connections.redis.map { [RedisHealth($0)] } ?? [])
    }

    func close() async { await connections.close() }
}
