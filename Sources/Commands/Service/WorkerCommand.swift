import ArgumentParser
import Breaker
import Logging
import Postgres
import ServiceLifecycle
import Storage
import UnixSignals
import Work

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do queued jobs: scoring runs and refreshes.",
        discussion: """
            Any number of workers can run, on any machine that reaches the database. `hextant serve` is a worker too, \
            unless it has --workers 0. At SIGTERM a worker puts its job back into the queue and ends.
            """)

    @Option(help: "How many jobs this worker does at a time, 1 to 64. [HEXTANT_WORKERS, 1]") var workers: Int?
    @OptionGroup var jobs: JobOptions
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
        let log = try LogSettings(settings, level: logLevel)
        try settings.check()
        let logger = log.bootstrapped()
        let sql = try Installation.find().sql()
        let options = PostgresOptions(url: address)
        // A wrong URL is reported at once instead of being retried for ever.
        try await PostgresConnection.withConnection(options) { _ = try await $0.query("SELECT 1") }
        await SettingsInspection(options, sql: sql, schedules: schedules).outcome().write(to: logger)
        logger.info(
            "working",
            metadata: [
                "database": "\(redacted(address))", "workers": "\(slots)", "schedules": "\(schedules.count)",
            ])
        let worker = JobWorker(
            options, sql: sql, slots: slots, schedules: schedules, policy: policy, outages: .ofDatabase(),
            logger: logger)
        try await ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: worker), .init(service: BatchSweeper(options, sql: sql, logger: logger)),
                    .init(service: PartitionUpkeep(options, logger: logger)),
                    .init(service: AlertService(options, sql: sql, fetcher: .ofWebhooks(), logger: logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
        logger.info("ended")
    }
}
