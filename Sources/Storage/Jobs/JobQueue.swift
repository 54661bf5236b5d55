package import Domain
package import Jobs
package import Postgres

/// The durable queue: every statement that changes a job.
///
/// All times are of the database's clock, so the clocks of workers need not agree.
package struct JobQueue: Sendable {
    /// The channel that announces every change a worker may wait for.
    package static let channel = "hextant_jobs"

    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// Queues a job.
    ///
    /// - Parameters:
    ///   - requester: The name, as in the audit log, of the account whose right must last until the job is over; `nil`
    ///     for none.
    ///   - trigger: What asks for the job, for people; by default the requester.
    ///   - key: The same key gives the same run, however often and from wherever it is sent.
    /// - Returns: The id of the run, and whether it is new.
    /// - Throws: `StorageError` with code `.conflict` when the key was used for another job and `.dataset` when there
    ///   is no such dataset; what ``QueryRunner/query(_:_:)`` throws.
    package func enqueue(
        _ job: Job, by requester: String? = nil, trigger: String? = nil, key: String? = nil, maxAttempts: Int = 5
    ) async throws -> (run: Int64, isNew: Bool) {
        let order = job.kind == .score ? try job.order() : nil
        let resolutions = PostgresArray(order?.resolutions.map { Int16(clamping: $0) } ?? [])
        while true {
            do {
                let new = try await database.query(
                    sql[.jobEnqueue],
                    [
                        key, job.kind.rawValue, job.dataset, job.parameters, resolutions, order?.from, order?.to,
                        (order?.normalization ?? .minmax).rawValue, order?.refresh ?? false,
                        Int32(clamping: maxAttempts), requester, trigger ?? requester,
                    ])
                if let row = new.first { return (try row.get(0), true) }
            } catch let error as PostgresError where error.sqlState == "23503" {
                guard let dataset = job.dataset else { throw error }
                throw StorageError.noDataset(dataset)
            }
            let known = try await database.query(
                sql[.jobKnown], [key, job.kind.rawValue, job.dataset, job.parameters])
            // No row means that the key's job was deleted between the two statements, so the key is free.
            guard var fields = known.first?.fields else { continue }
            let run: Int64 = try fields.next("id")
            guard try fields.next("is_same") == true else {
                throw StorageError(.conflict, "the key was used for another run")
            }
            return (run, false)
        }
    }

    /// Claims the job that has been due for longest and may run now; `nil` when there is none.
    /// - Parameter kinds: The kinds of jobs that the worker knows. Others are left alone.
    package func claim(worker: String, lease: Duration, kinds: Set<JobKind>) async throws -> ClaimedJob? {
        let kinds = PostgresArray(kinds.map(\.rawValue).sorted())
        while true {
            let rows: PostgresRows
            do {
                rows = try await database.query(sql[.jobClaim], [worker, lease.inSeconds, kinds])
            } catch let error as PostgresError where error.constraint == "idx_jobs_running" {
                // Another worker was quicker with another job of the dataset. The next query will not choose this job
                // again.
                continue
            }
            guard var fields = rows.first?.fields else { return nil }
            return ClaimedJob(
                lease: JobLease(job: try fields.next("id"), token: try fields.next("token")),
                job: Job(
                    kind: JobKind(rawValue: try fields.next("kind")), dataset: try fields.next("dataset"),
                    parameters: try fields.next("parameters")),
                attempt: try fields.next("attempts"), maxAttempts: try fields.next("max_attempts"),
                isScored: try fields.next("is_scored", as: Bool?.self) ?? false, trigger: try fields.next("trigger"))
        }
    }

    package enum Beat: Equatable {
        case held
        case cancelRequested
        case lost
    }

    /// Extends a lease by `duration` from now.
    package func beat(_ lease: JobLease, for duration: Duration, progress: Double) async throws -> Beat {
        let rows = try await database.query(
            sql[.jobBeat], [lease.job, lease.token, duration.inSeconds, min(1, max(0, progress))])
        guard let row = rows.first else { return .lost }
        return try row.get(0) ? .cancelRequested : .held
    }

    /// Reports the outcome of an attempt.
    ///
    /// - Returns: `false` when the lease was lost, so that nothing was written.
    @discardableResult
    package func settle(_ lease: JobLease, _ outcome: JobOutcome) async throws -> Bool {
        let state: AnalyticsRun.State
        var error: String?
        var pause = Duration.zero
        var counts = true
        switch outcome {
        case .finished: state = .finished
        case .failed(let reason): (state, error) = (.failed, reason)
        case .cancelled: state = .cancelled
        case .retry(let reason, let after): (state, error, pause) = (.queued, reason, after)
        case .givenBack(let reason, let after): (state, error, pause, counts) = (.queued, reason, after, false)
        case .lost: return false
        }
        let settled = try await database.query(
            sql[.jobSettle], [lease.job, lease.token, state.rawValue, error, pause.inSeconds, counts])
        return settled.affected == 1
    }

    /// Cancels a run; `false` when there is none that waits or runs.
    @discardableResult
    package func cancel(run: Int64) async throws -> Bool {
        try await database.query(sql[.jobCancel], [run]).affected == 1
    }

    /// Records that the scores of a job are written, so that a later attempt need not score again, and that a refresh
    /// that begins from now on serves them. It must run in a transaction that began after they were committed.
    ///
    /// - Throws: ``JobLease/hold(on:)``'s errors; what ``QueryRunner/query(_:_:)`` throws.
    package static func recordScored(
        _ lease: JobLease, events: Int, rows: Int, on connection: PostgresConnection
    ) async throws {
        try await lease.hold(on: connection)
        try await connection.query(
            "UPDATE analytics_runs SET events = $2, rows = $3, scored_at = now() WHERE job = $1",
            [lease.job, events, rows])
        try await renewRefreshMark(lease, on: connection)
    }

    /// Records that only a refresh that begins from now on serves what the job has stored.
    /// - Throws: `PostgresError`.
    package static func renewRefreshMark(_ lease: JobLease, on connection: PostgresConnection) async throws {
        try await connection.query(
            "UPDATE jobs SET refresh_mark = nextval('refresh_marks') WHERE id = $1", [lease.job])
    }

    /// Whether another job that scores and refreshes is due and has not scored yet.
    /// - Parameter dataset: The dataset of such jobs; `nil` for any.
    package func othersWillRefresh(besides job: Int64, of dataset: Slug? = nil) async throws -> Bool {
        try await database.query(
            """
            SELECT EXISTS (
                SELECT FROM jobs j JOIN analytics_runs r ON r.job = j.id
                WHERE j.state = 'queued' AND j.run_at <= now() AND j.id <> $1 AND r.refresh AND r.scored_at IS NULL
                    AND ($2::text IS NULL OR j.dataset = $2) AND job_is_allowed(j))
            """, [job, dataset])[0].get(0)
    }

    /// Whether a job of the schedule waits or runs.
    package func isPending(_ schedule: JobSchedule) async throws -> Bool {
        try await database.query(sql[.jobPending], [schedule.keyPrefix])[0].get(0)
    }

    /// The run of a job that waits to do the same; `nil` when there is none.
    package func waiting(_ job: Job) async throws -> Int64? {
        let found = try await database.query(
            """
            SELECT r.id FROM jobs j JOIN analytics_runs r ON r.job = j.id
            WHERE j.state = 'queued' AND j.kind = $1 AND j.dataset IS NOT DISTINCT FROM $2::text
                AND j.parameters = $3::jsonb
            ORDER BY r.id
            LIMIT 1
            """, [job.kind.rawValue, job.dataset, job.parameters])
        return try found.first?.get(0)
    }

    /// Deletes some of the jobs that ended longer ago than `age`.
    package func prune(olderThan age: Duration) async throws {
        _ = try await database.query(sql[.jobPrune], [age.inSeconds])
    }

    /// Takes jobs from workers that stopped answering, and closes the runs of commands whose process died.
    package func sweep() async throws {
        for step in sql.steps(of: .jobSweep) {
            _ = try await database.query(step.script, [])
        }
    }
}
