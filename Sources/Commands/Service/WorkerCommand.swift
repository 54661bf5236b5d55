import ArgumentParser
import Breaker
import Foundation
import Logging
import Metrics
import NIOCore
import Postgres
import Redis
import Server
import ServiceLifecycle
import Storage
import Telemetry
import UnixSignals
import Web
import Work

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do queued jobs: scoring runs, refreshes and reading feeds.",
        discussion: """
            Any number of workers can run, on any machine that reaches the database. `hextant serve` is a worker too, \
            unless it has --workers 0. At SIGTERM a worker puts its job back into the queue and ends.
            """)

    @Option(help: "How many jobs this worker does at a time, 1 to 64. [HEXTANT_WORKERS, 1]") var workers: Int?
    @OptionGroup var jobs: JobOptions
    @OptionGroup var feeds: FeedOptions
    @OptionGroup var metrics: MetricsOptions
    @Option(help: "Log level: trace, debug, info, notice, warning or error. [HEXTANT_LOG_LEVEL, info]")
    var logLevel: String?
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        Allocator.keepLittle()
        let settings = try database.settings(collectsFaults: true)
        let address = try database.url(settings)
        let slots = try settings.number(.workers, flag: workers, in: 1...64, default: 1)
        let schedules = try jobs.schedules(settings)
        let policy = try jobs.policy(settings)
        let live = try jobs.live(settings)
        let feeds = try self.feeds.load(settings)
        let authority = try self.feeds.authority(settings)
        let redisURL = settings.text(.redisURL, flag: nil)
        let door = try metrics.address(settings)
        let log = try LogSettings(settings, level: logLevel)
        try settings.check()
        let logger = log.bootstrapped()
        let registry = PrometheusRegistry(help: MetricTexts.all)
        MetricsSystem.bootstrap(registry)
        OperationMetrics.tellBuild()
        let installation = try Installation.find()
        let sql = try installation.sql()
        let spool = try SpoolFolder()
        defer { spool.remove() }
        let options = PostgresOptions(url: address)
        // A wrong URL is reported at once instead of being retried for ever.
        try await PostgresConnection.withConnection(options) { _ = try await $0.query("SELECT 1") }
        await SettingsInspection(
            options, sql: sql, schedules: schedules,
            feeds: FeedInspection(feeds: feeds, mappings: installation.mappings)
        ).outcome().write(to: logger)
        let redis = try redisURL.map { try RedisClient(configuration: RedisConfiguration(url: $0), logger: logger) }
        let parts =
            feeds.isEmpty
            ? nil
            : FeedParts(
                feeds, authority: authority, redis: redis,
                ingest: FileIngest(options, sql: sql, mappings: installation.mappings), folder: spool.path)
        logger.info(
            "working",
            metadata: [
                "database": "\(redacted(address))", "workers": "\(slots)", "schedules": "\(schedules.count)",
                "feeds": "\(feeds.count)",
            ])
        let worker = JobWorker(
            options, sql: sql, slots: slots, schedules: schedules, feeds: parts?.work, policy: policy,
            ingest: FileIngest(options, sql: sql, mappings: installation.mappings), outages: .ofDatabase(),
            logger: logger)
        let days = live.map { LiveService(options, sql: sql, quiet: $0, logger: logger) }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: worker), .init(service: BatchSweeper(options, sql: sql, logger: logger)),
            .init(service: PartitionUpkeep(options, logger: logger)),
            .init(service: AlertService(options, sql: sql, fetcher: .ofWebhooks(), logger: logger)),
        ]
        if let days { services.append(.init(service: days)) }
        if let door {
            let application = try buildMetricsApplication(
                host: door.host, port: door.port, metrics: { registry.text() }, logger: logger,
                onServing: { address in
                    logger.info("showing metrics", metadata: ["address": "\(address.map { "\($0)" } ?? "?")"])
                })
            // A job that is under way goes back into the queue when it cannot listen.
            services.append(.init(service: application, failureTerminationBehavior: .gracefullyShutdownGroup))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            await parts?.close()
            await redis?.close()
            throw AddressInUse(host: door?.host ?? "", port: door?.port ?? 0, flag: "--metrics-port")
        }
        await parts?.close()
        await redis?.close()
        logger.info("ended")
    }
}
