import ArgumentParser
import Logging
import Postgres
import ServiceLifecycle
import Storage
import UnixSignals

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do the jobs that were queued: score and refresh.",
        discussion: """
            Any number of workers may run, on any machine that reaches the database; `hextant serve` is one as well \
            unless it is told otherwise. SIGTERM gives the job in work back to the queue, then ends the worker.
            """)

    @OptionGroup var jobs: JobOptions
    @Option(help: "trace, debug, info, notice, warning or error. [HEXTANT_LOG_LEVEL, info]") var logLevel: String?
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let settings = try database.settings()
        let logger = try Logger.bootstrapped(settings, level: logLevel)
        let address = try settings.required(.databaseURL, flag: database.databaseURL)
        let slots = try jobs.slots(settings, atLeast: 1)
        let schedules = try jobs.schedules(settings)
        let policy = try jobs.policy(settings)
        let sql = try Installation.find().sql()
        let options = PostgresOptions(address: address)
        // A wrong URL is reported at once instead of being retried for ever.
        try await PostgresConnection.withSession(options) { _ = try await $0.query("SELECT 1") }
        logger.info(
            "working",
            metadata: [
                "database": "\(redacted(address))", "workers": "\(slots)", "schedules": "\(schedules.count)",
            ])
        let worker = JobWorker(
            options, sql: sql, slots: slots, schedules: schedules, policy: policy, logger: logger)
        try await ServiceGroup(
            configuration: .init(
                services: [.init(service: worker), .init(service: BatchSweeper(options, sql: sql, logger: logger))],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
        logger.info("ended")
    }
}
