import Breaker
import Domain
package import Jobs
import Logging
import Postgres
package import Storage

/// Enqueues the jobs of schedules. Every instance does so; the key of a due time makes it one job.
struct JobScheduler: Sendable {
    private static let interval = Duration.seconds(5)

    let options: PostgresOptions
    let sql: SQLFiles
    let schedules: [JobSchedule]
    let datasets: FeedPreparation?
    let outages: OutageLog
    let logger: Logger

    init(
        _ options: PostgresOptions, sql: SQLFiles, schedules: [JobSchedule], datasets: FeedPreparation? = nil,
        outages: OutageLog = .ofDatabase(), logger: Logger
    ) {
        self.options = options
        self.sql = sql
        self.schedules = schedules
        self.datasets = datasets
        self.outages = outages
        self.logger = logger
    }

    /// Runs until the task is cancelled. Jobs that cannot be enqueued now are tried again.
    func run() async {
        let started = Instant.now.wholeSeconds
        var progress = schedules.map { ScheduleProgress($0, startedAt: started) }
        // When feeds were read last is looked up once, as soon as the database answers.
        var unknown = Set(schedules.indices.filter { schedules[$0].feed != nil })
        var outage = Outage(shared: outages)
        while !Task.isCancelled {
            let now = Instant.now.wholeSeconds
            var hasFailed = false
            var hasEnqueued = false
            for index in progress.indices {
                do {
                    if unknown.contains(index) {
                        progress[index] = ScheduleProgress(
                            schedules[index], startedAt: started, last: try await lastStart(schedules[index]))
                        unknown.remove(index)
                    }
                    if let due = progress[index].due(by: now) {
                        try await enqueue(progress[index].schedule, due: due)
                        hasEnqueued = true
                    }
                    progress[index].advance(to: now)
                } catch let error as FeedRefusal {
                    // Only the operator can help; the next due time is tried again.
                    logger.warning(
                        "cannot read a feed",
                        metadata: ["schedule": "\(progress[index].schedule.name)", "error": "\(error)"])
                    progress[index].advance(to: now)
                } catch {
                    // Each one is tried again at the next look, even during an outage.
                    if !hasFailed {
                        _ = outage.failed(
                            "cannot enqueue a scheduled job", error, logger,
                            ["schedule": "\(progress[index].schedule.name)"])
                    }
                    hasFailed = true
                }
            }
            if hasEnqueued, !hasFailed { outage.succeeded("scheduled jobs are enqueued again", logger) }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// When a feed was last read by its schedule; `nil` when it never was.
    private func lastStart(_ schedule: JobSchedule) async throws -> Instant? {
        guard let feed = schedule.feed else { return nil }
        return try await PostgresConnection.withConnection(options) { connection in
            try await FeedRecords(connection, sql: sql).lastStart(trigger: schedule.trigger, of: feed)
        }
    }

    /// Enqueues the job of a due time, unless the job of an earlier due time still waits or runs. So a schedule that is
    /// faster than its job skips times, and the queue does not grow.
    ///
    /// - Returns: Whether this instance was the first to enqueue it.
    @discardableResult
    func enqueue(_ schedule: JobSchedule, due: Instant) async throws -> Bool {
        try await PostgresConnection.withConnection(options) { connection in
            if let feed = schedule.feed { try await datasets?(feed, connection) }
            let job = try await schedule.job.completed(connection, sql: sql)
            do {
                let queue = JobQueue(connection, sql: sql)
                guard try await !queue.isPending(schedule) else {
                    logger.info(
                        "skipped because the previous job has not ended", metadata: ["schedule": "\(schedule.name)"])
                    return false
                }
                let (run, isNew) = try await queue.enqueue(
                    job, trigger: schedule.trigger, key: schedule.key(due: due))
                if isNew { logger.info("scheduled", metadata: ["schedule": "\(schedule.name)", "run": "\(run)"]) }
                return isNew
            } catch let error as StorageError where error.code == .conflict {
                // Another instance has a schedule with this name and other contents, and has enqueued its job.
                logger.warning("a schedule differs between instances", metadata: ["schedule": "\(schedule.name)"])
                return false
            }
        }
    }
}

extension Job {
    /// The job of a schedule with what the schedule left to its dataset: one that scores without resolutions scores at
    /// all that the dataset names.
    ///
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset; what ``QueryRunner/query(_:_:)``
    ///   throws.
    package func completed(_ database: any QueryRunner, sql: SQLFiles) async throws -> Job {
        guard kind == .score else { return self }
        var order = try order()
        if order.resolutions.isEmpty {
            order.resolutions = try await DatasetStore(database, sql: sql).dataset(order.dataset).resolutions
        }
        return .score(order)
    }
}
