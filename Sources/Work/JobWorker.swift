package import Breaker
import Foundation
package import Jobs
package import Logging
package import Postgres
import ServiceLifecycle
package import Storage

/// Does the jobs of the queue, a few at a time, and enqueues the jobs of schedules.
///
/// Any number of workers may run, in one process or many. At shutdown a running job returns to the queue.
package struct JobWorker: Service {
    private let options: PostgresOptions
    private let sql: SQLFiles
    private let slots: Int
    private let schedules: [JobSchedule]
    private let datasets: FeedPreparation?
    private let policy: JobPolicy
    private let kinds: Set<JobKind>
    private let outages: OutageLog
    private let name: String
    private let logger: Logger
    private let work: @Sendable (ClaimedJob, JobProgress) async throws -> Void

    /// - Parameters:
    ///   - slots: How many jobs run at a time, 0 or more.
    ///   - ingest: Reads dead letters again; without it such jobs are left to other workers.
    ///   - schedules: The schedules of this process. A due time that several processes enqueue is enqueued once.
    ///   - feeds: The feeds that it reads, each by its own schedule, too; `nil` for none.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, slots: Int, schedules: [JobSchedule] = [],
        feeds: FeedWork? = nil, policy: JobPolicy = JobPolicy(), ingest: FileIngest? = nil,
        outages: OutageLog = .ofDatabase(), logger: Logger
    ) {
        let runner = JobRunner(options: options, sql: sql, feeds: feeds, logger: logger, ingest: ingest)
        self.init(
            options, sql: sql, slots: slots,
            schedules: schedules + (feeds?.schedules ?? []) + [ModelDriftRun.schedule].compactMap { $0 },
            datasets: feeds?.preparation, policy: policy,
            kinds: runner.knownKinds,
            outages: outages, logger: logger
        ) {
            try await runner.run($0, progress: $1)
        }
    }

    /// Creates a worker that does other work than that of the jobs, for tests.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, slots: Int, schedules: [JobSchedule] = [],
        datasets: FeedPreparation? = nil, policy: JobPolicy = JobPolicy(), kinds: Set<JobKind> = [.score, .refresh],
        outages: OutageLog = .ofDatabase(),
        logger: Logger,
        work: @escaping @Sendable (ClaimedJob, JobProgress) async throws -> Void
    ) {
        self.options = options
        self.sql = sql
        self.slots = slots
        self.schedules = schedules
        self.datasets = datasets
        self.policy = policy
        self.kinds = kinds
        self.outages = outages
        self.logger = logger
        self.work = work
        name = "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// Runs until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for slot in 0..<slots { group.addTask { await serve(slot) } }
                if !schedules.isEmpty {
                    let scheduler = JobScheduler(
                        options, sql: sql, schedules: schedules, datasets: datasets, outages: outages,
                        logger: logger)
                    group.addTask { await scheduler.run() }
                }
                // Stays even with nothing to do, because a service that returns ends its group.
                group.addTask { try? await gracefulShutdown() }
                await group.waitForAll()
            }
        }
    }

    private func serve(_ slot: Int) async {
        let backOff = BackOff(first: .seconds(2), longest: .seconds(5))
        await Outage.outlast(
            "cannot look for jobs", logger, ["slot": "\(slot)"], backOff: backOff, shared: outages
        ) { outage in
            let claimed = try await nextJob(slot, &outage)
            let logger = claimed.described(in: logger)
            logger.info("job begins", metadata: ["attempt": "\(claimed.attempt)"])
            await JobAttempt(
                claimed: claimed, options: queueOptions, sql: sql, policy: policy, outages: outages, logger: logger,
                work: work
            ).run()
        }
    }

    /// Waits for the next job of this worker.
    private func nextJob(_ slot: Int, _ outage: inout Outage) async throws -> ClaimedJob {
        try await PostgresConnection.withConnection(queueOptions) { connection in
            let queue = JobQueue(connection, sql: sql)
            // Listens before the first look, so that nothing is missed between looking and waiting.
            try await connection.listen(JobQueue.channel)
            while true {
                try await queue.sweep()
                outage.succeeded("can look for jobs again", logger, ["slot": "\(slot)"])
                try await queue.prune(olderThan: policy.retention)
                if let job = try await queue.claim(worker: "\(name)/\(slot)", lease: policy.lease, kinds: kinds) {
                    return job
                }
                _ = try await connection.notifications(within: policy.poll)
            }
        }
    }

    /// The options of the queue's connection. Its statements touch single rows, so one that hangs means that the server
    /// is gone.
    private var queueOptions: PostgresOptions {
        var options = options
        options.statementTimeout = .seconds(10)
        return options
    }
}

extension ClaimedJob {
    /// A log whose lines say which job they are about: its kind, its dataset and what asked for it.
    func described(in logger: Logger) -> Logger {
        var logger = logger
        logger[metadataKey: "job"] = "\(lease.job)"
        logger[metadataKey: "kind"] = "\(job.kind.rawValue)"
        if let dataset = job.dataset { logger[metadataKey: "dataset"] = "\(dataset)" }
        logger[metadataKey: "trigger"] = "\(trigger ?? "unknown")"
        return logger
    }
}
