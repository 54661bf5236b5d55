import Breaker
import Jobs
import Logging
import Postgres
import Storage

/// One attempt at a job: the work, the heartbeat beside it, and the report of how it ended.
struct JobAttempt: Sendable {
    let claimed: ClaimedJob
    let options: PostgresOptions
    let sql: SQLFiles
    let policy: JobPolicy
    let outages: OutageLog
    let logger: Logger
    /// The work. It is cancelled when the lease is lost, the job is cancelled or the worker shuts down.
    let work: @Sendable (ClaimedJob, JobProgress) async throws -> Void

    private static let reconnectPause = Duration.seconds(1)

    private enum Part {
        case worked(Result<Void, any Error>)
        /// Why the heartbeat stopped.
        case stopped(JobOutcome)
    }

    func run() async {
        let outcome = await outcome()
        logger.info("job ended", metadata: ["outcome": "\(outcome)"])
        guard outcome != .lost else { return }
        // Runs in a new task, because a worker that shuts down must still report the outcome.
        await Task { await settle(outcome) }.value
    }

    private func outcome() async -> JobOutcome {
        let progress = JobProgress()
        return await withTaskGroup(of: Part.self) { group in
            group.addTask {
                do {
                    return .worked(.success(try await work(claimed, progress)))
                } catch {
                    return .worked(.failure(error))
                }
            }
            group.addTask { .stopped(await keepLease(progress)) }
            var reason: JobOutcome?
            // The work ends only when it returns, even after it was cancelled: its connection must be closed.
            for await part in group {
                switch part {
                case .stopped(let outcome):
                    reason = outcome
                    group.cancelAll()
                case .worked(let result):
                    group.cancelAll()
                    return self.outcome(of: result, stopped: reason)
                }
            }
            return .lost
        }
    }

    private func outcome(of result: Result<Void, any Error>, stopped reason: JobOutcome?) -> JobOutcome {
        switch result {
        case .success:
            return reason == .lost ? .lost : .finished
        case .failure(let error):
            if let reason { return reason }
            if Task.isCancelled { return Self.shutdown }
            return policy.retry.outcome(of: error, attempt: claimed.attempt, of: claimed.maxAttempts)
        }
    }

    private static let shutdown = JobOutcome.givenBack(nil, after: .zero)

    /// Returns when the work must end. While the database cannot be reached, the lease stays valid until it runs out.
    private func keepLease(_ progress: JobProgress) async -> JobOutcome {
        var held = ContinuousClock.now
        var outage = Outage(BackOff(first: Self.reconnectPause, longest: Self.reconnectPause), shared: outages)
        while !Task.isCancelled {
            do {
                return try await PostgresConnection.withConnection(options) { connection in
                    try await connection.listen(JobQueue.channel)
                    while true {
                        let asked = ContinuousClock.now
                        switch try await JobQueue(connection, sql: sql).beat(
                            claimed.lease, for: policy.lease, progress: progress.value)
                        {
                        case .held:
                            held = asked
                            outage.succeeded("the lease of the job is renewed again", logger)
                        case .cancelRequested: return .cancelled
                        case .lost: return .lost
                        }
                        _ = try await connection.notifications(within: policy.beat)
                    }
                }
            } catch {
                if Task.isCancelled { break }
                if .now - held >= policy.lease { return .lost }
                let pause = outage.failed("cannot renew the lease of a job", error, logger)
                try? await Task.sleep(for: min(pause, policy.beat))
            }
        }
        return Self.shutdown
    }

    /// Tries to report as long as the lease may be valid. After that, another worker notices by itself.
    private func settle(_ outcome: JobOutcome) async {
        let deadline = ContinuousClock.now + policy.lease
        var outage = Outage(BackOff(first: Self.reconnectPause, longest: Self.reconnectPause), shared: outages)
        repeat {
            do {
                let isOurs = try await PostgresConnection.withConnection(options) { connection in
                    try await JobQueue(connection, sql: sql).settle(claimed.lease, outcome)
                }
                if !isOurs { logger.warning("another worker has taken the job over") }
                return
            } catch {
                let pause = outage.failed("cannot report how a job ended", error, logger)
                try? await Task.sleep(for: pause)
            }
        } while .now < deadline
    }
}
