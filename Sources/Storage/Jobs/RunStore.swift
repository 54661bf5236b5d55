package import Domain
package import Jobs
import Postgres

/// Scoring runs and refreshes in PostgreSQL.
package struct RunStore: RunRepository {
    private let readers: any QueryRunner
    private let queue: JobQueue
    private let sql: SQLFiles

    /// - Parameters:
    ///   - readers: Runs the queries.
    ///   - writers: Queues and cancels runs.
    package init(_ readers: any QueryRunner, writers: any QueryRunner, sql: SQLFiles) {
        self.readers = readers
        self.sql = sql
        queue = JobQueue(writers, sql: sql)
    }

    /// Queues a full refresh of a dataset of expenditures by a feed, unless one waits already.
    /// - Throws: As ``fetch(_:into:by:key:)``.
    package func renew(_ feed: Slug, into dataset: Slug, by requester: Requester?, key: String?) async throws
        -> AnalyticsRun
    {
        let job = Job.renew(feed, into: dataset)
        if key == nil, let waiting = try await queue.waiting(job), let run = try await run(waiting) { return run }
        return try await enqueue(job, requester, key, route: "POST /v1/data/refresh/full")
    }

    /// - Throws: ``RunKeyTaken`` when the key was used for another run, `StorageError` with code `.dataset` when there
    ///   is no such dataset; what ``QueryRunner/query(_:_:)`` throws.
    package func start(_ order: RunOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        try await enqueue(.score(order), requester, key, route: "POST /v1/analytics/run")
    }

    /// - Throws: ``RunKeyTaken`` when the key was used for another run; what ``QueryRunner/query(_:_:)`` throws.
    package func refresh(by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        try await enqueue(.refresh, requester, key, route: "POST /v1/views/refresh")
    }

    /// Queues a run of a feed, unless one waits already.
    /// - Throws: ``RunKeyTaken`` when the key was used for another run, `StorageError` with code `.dataset` when the
    ///   dataset does not exist; what ``QueryRunner/query(_:_:)`` throws.
    package func fetch(_ feed: Slug, into dataset: Slug, by requester: Requester?, key: String?) async throws
        -> AnalyticsRun
    {
        let job = Job.fetch(feed, into: dataset)
        if key == nil, let waiting = try await queue.waiting(job), let run = try await run(waiting) { return run }
        return try await enqueue(job, requester, key, route: "POST /v1/feeds/\(feed)/run")
    }

    /// - Throws: ``RunKeyTaken`` when the key was used for another run, `StorageError` with code `.dataset` when there
    ///   is no such dataset; what ``QueryRunner/query(_:_:)`` throws.
    package func remediate(
        _ order: RemediationOrder, by requester: Requester?, key: String?
    ) async throws -> AnalyticsRun {
        try await enqueue(.remediate(order), requester, key, route: "POST /v1/datasets/{slug}/remediate")
    }

    /// Queues a training of a model.
    /// - Throws: ``RunKeyTaken`` when the key was used for another run, `StorageError` with code `.dataset` when there
    ///   is no such dataset; what ``QueryRunner/query(_:_:)`` throws.
    func train(_ order: TrainingOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        try await enqueue(.training(order), requester, key, route: "POST /v1/ml/\(order.kind.rawValue)/train")
    }

    /// - Parameter route: The method and path that the key was sent to.
    private func enqueue(
        _ job: Job, _ requester: Requester?, _ key: String?, route: String
    ) async throws -> AnalyticsRun {
        // Keys of schedules begin with another word, so the two cannot collide.
        let key = key.map { "request \(requester?.scoped($0, route: route) ?? "\(route) \($0)")" }
        do {
            let (id, _) = try await queue.enqueue(job, by: requester?.name, key: key)
            guard let run = try await run(id) else { throw StorageError(.dataset, "the run was deleted at once") }
            return run
        } catch let error as StorageError where error.code == .conflict {
            throw RunKeyTaken()
        }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func run(_ id: Int64) async throws -> AnalyticsRun? {
        try await find(id: id, RunQuery(), after: nil, limit: 1).first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func runs(_ query: RunQuery, _ page: PageRequest<AnalyticsRun>) async throws -> Page<AnalyticsRun> {
        Page(try await find(id: nil, query, after: page.after, limit: page.wanted), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func cancel(_ id: Int64) async throws -> AnalyticsRun? {
        try await queue.cancel(run: id)
        return try await run(id)
    }

    /// The newest run that a schedule asked for.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func last(of schedule: JobSchedule) async throws -> AnalyticsRun? {
        let rows = try await readers.query(
            "SELECT id FROM analytics_runs WHERE trigger = $1 ORDER BY id DESC LIMIT 1", [schedule.trigger])
        guard let row = rows.first else { return nil }
        return try await run(try row.get(0))
    }

    private func find(id: Int64?, _ query: RunQuery, after: Int64?, limit: Int) async throws -> [AnalyticsRun] {
        let rows = try await readers.query(
            sql[.runs],
            [
                id, PostgresArray(query.visible.named.sorted()), query.dataset, query.state?.rawValue, after,
                limit, query.visible.base.rawValue,
            ])
        return try rows.map(Self.run)
    }

    private static func run(_ row: PostgresRow) throws -> AnalyticsRun {
        var fields = row.fields
        return AnalyticsRun(
            id: try fields.next("id"), isJob: try fields.next("is_job"), kind: try fields.next("kind"),
            dataset: try fields.next("dataset"),
            resolutions: try fields.next("resolutions", as: String.self).split(separator: ",").compactMap { Int($0) },
            from: try fields.next("from_day"), to: try fields.next("to_day"),
            normalization: try fields.next("normalization"), refresh: try fields.next("refresh"),
            state: try fields.next("state"), progress: try fields.next("progress"),
            attempts: try fields.next("attempts"), events: try fields.next("events"), rows: try fields.next("rows"),
            error: try fields.next("error"),
            createdAt: try fields.next("created_at"),
            startedAt: try fields.next("started_at"),
            finishedAt: try fields.next("finished_at"), trigger: try fields.next("trigger"))
    }
}
