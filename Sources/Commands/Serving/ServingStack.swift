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
import Web
import Work

/// The parts behind the HTTP server, put together.
struct ServingStack {
    let sources: ServerSources
    /// The services that run beside the server, and end after it.
    let services: [any Service]
    /// The service that ends answers without an end. It must end before the server, which waits for its answers.
    let changes: any Service
    let inspection: SettingsInspection
    private let connections: ServingConnections
    private let feeds: FeedParts?
    private let spending: SpendingStore

    init(_ plan: ServingPlan, installation: Installation, registry: PrometheusRegistry, logger: Logger) throws {
        let sql = try installation.sql()
        let connections = try ServingConnections(plan, logger: logger)
        let (readers, writers, options) = (connections.readers, connections.writers, connections.options)
        let outages = OutageLog.ofDatabase()
        let datasets = DatasetStore(readers, sql: sql)
        let answers = AnswerCache(
            shared: connections.redis.map { RedisAnswerStore(redis: $0, logger: logger) },
            patience: plan.server.requestTimeout)
        let tiles = ServingTiles(
            plan, connections, datasets: datasets, sql: sql, answers: answers, outages: outages, logger: logger)
        let areas = AreaVersion()
        let access = AccessVersion()
        let audit = AuditTrail(AuditStore(writers, sql: sql), logger: logger)
        let gauges = ServingGauges(
            pool: readers, redis: connections.redis, cache: tiles.cache, generation: tiles.generation)
        let risk = RiskStore(readers, sql: sql)
        let events = EventStore(readers, sql: sql)
        spending = SpendingStore(readers, options: options, sql: sql, memory: plan.spendingMemory)
        let modelStore = ModelStore(readers, writers: writers, sql: sql)
        let models = ServedModels(
            modelStore, options: ReadPool.readOnly(options), outages: outages, logger: logger)
        let ingest = FileIngest(options, sql: sql, mappings: installation.mappings, letters: plan.letters)
        feeds = plan.server.spoolFolder.flatMap { folder in
            plan.feeds.isEmpty
                ? nil
                : FeedParts(
                    plan.feeds, authority: plan.feedAuthority, redis: connections.redis, ingest: ingest,
                    folder: folder.path)
        }
        sources = ServerSources(
            datasets: datasets, risk: risk, topCells: risk, comparison: risk, outlooks: OutlookStore(readers, sql: sql),
            events: events,
            polygons: DrawnPolygonStore(readers, sql: sql), runs: RunStore(readers, writers: writers, sql: sql),
            ingest: (
                records: IngestRecords(readers, sql: sql),
                service: ingest
            ),
            feeds: ServedFeeds(plan.feeds, readers: readers, writers: writers, sql: sql),
            quality: QualityStore(readers, sql: sql), lineage: events,
            expenditures: ExpenditureStore(readers, writers: writers, sql: sql),
            alerts: AlertStore(readers, sql: sql), models: (modelStore, models), tiles: tiles.source,
            administration: StoredDatasets(options: options, sql: sql),
            caches: ServedCaches(redis: connections.redis, database: writers),
            health: try Self.health(plan, connections, installation),
            system: (SystemStore(writers, sql: sql), Build.this.version),
            generation: tiles.generation, rates: connections.redis.map { SharedBuckets($0, orElse: LocalBuckets()) },
            demand: tiles.demand, areas: (AreaStore(readers, sql: sql), areas), spending: spending, answers: answers,
            accounts: AccountSources(
                accounts: SignInStore(writers, sql: sql), audit: audit, access: access, tokens: plan.tokens),
            outages: outages, changes: tiles.changes,
            metrics: {
                gauges.update()
                return registry.text()
            })
        let others: [any Service] = [
            AccessListener(ReadPool.readOnly(options), access: access, outages: outages, logger: logger), audit,
            AreaVersionListener(ReadPool.readOnly(options), version: areas, outages: outages, logger: logger),
            JobWorker(
                options, sql: sql, slots: plan.jobSlots, schedules: plan.schedules, feeds: feeds?.work,
                policy: plan.jobPolicy, ingest: ingest, outages: outages, logger: logger),
            BatchSweeper(options, sql: sql, logger: logger), PartitionUpkeep(options, logger: logger),
            AlertService(options, sql: sql, fetcher: .ofWebhooks(), logger: logger), models,
            OperationMetrics(
                writers, sql: sql, datasets: plan.datasetMetrics, schedules: plan.feeds.compactMap(\.jobSchedule),
                logger: logger),
        ]
        // A server without workers leaves this to others, too.
        let live = plan.jobSlots > 0 ? plan.live : nil
        changes = tiles.changes
        services =
            tiles.services + others
            + (live.map { [LiveService(options, sql: sql, quiet: $0, logger: logger)] } ?? [])
        inspection = SettingsInspection(
            plan, sql: sql, mappings: installation.mappings, redis: connections.redis)
        self.connections = connections
    }

    private static func health(
        _ plan: ServingPlan, _ connections: ServingConnections, _ installation: Installation
    ) throws -> [any HealthRepository] {
        let database = PostgresHealth(
            connections.readers, migrations: try installation.migrations().count, oldest: plan.viewMaxAge)
        return [database] + (connections.redis.map { [RedisHealth($0)] } ?? [])
    }

    func close() async {
        await feeds?.close()
        await spending.close()
        await connections.close()
    }
}
