package import Domain
package import Postgres
import Risk

/// Scores the days of a dataset at several resolutions, reading once the events that changed.
package struct ScoringRun: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    package struct Request: Sendable {
        package var dataset: Dataset
        package var resolutions: [Int]
        /// The first day; `nil` for the first day with events. The same holds for the last day.
        package var from: LocalDay?
        package var to: LocalDay?
        package var normalization: Normalization
        /// Whether every event is binned again, including those of days that did not change.
        package var isFull: Bool
        /// The lease of the job that this run belongs to. The job's record exists already, and without the lease
        /// nothing is written.
        package var lease: JobLease?

        package init(
            dataset: Dataset, resolutions: [Int], from: LocalDay? = nil, to: LocalDay? = nil,
            normalization: Normalization = .minmax, isFull: Bool = false, lease: JobLease? = nil
        ) {
            self.dataset = dataset
            self.resolutions = resolutions
            self.from = from
            self.to = to
            self.normalization = normalization
            self.isFull = isFull
            self.lease = lease
        }
    }

    package struct Outcome: Sendable {
        package let run: Int64
        /// The days scored; `nil` when the dataset has no events and no days were asked for.
        package let days: ClosedRange<LocalDay>?
        /// The events read: those of days that changed since they were last binned, including the week before the first
        /// day.
        package let events: Int
        package let readTime: Duration
        package var resolutions: [Resolution] = []
    }

    package struct Resolution: Sendable {
        package let resolution: Int
        package let rows: Int
        package let time: Duration
    }

    /// The next step, for progress reports: reading, or scoring one of the resolutions.
    package enum Step: Sendable {
        case reading(resolutions: Int)
        case scoring(resolution: Int, done: Int, of: Int)
    }

    /// Scores all resolutions. Each one is replaced in one transaction. A run that fails is recorded with its error.
    /// - Throws: `StorageError` with code `.dataset` when the weights cannot be used, `.busy` when another run of the
    ///   dataset is under way or its time zone has changed, and `.interval` when the last day is before the first;
    ///   ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func run(
        _ request: Request, progress: @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        try await PostgresConnection.withConnection(options) { connection in
            try await run(request, on: connection, progress: progress)
        }
    }

    /// Does the same on the caller's connection, which keeps the dataset's lock until it is closed.
    /// - Throws: What ``run(_:progress:)`` throws.
    package func run(
        _ request: Request, on connection: PostgresConnection, progress: @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        let slug = request.dataset.slug
        guard request.dataset.weights.isSound else {
            throw StorageError(.dataset, "the weights of \(slug) cannot be used: \(RiskWeights.rule)")
        }
        guard try await connection.takeLock("hextant score \(slug)") else {
            throw StorageError(.busy, "another scoring run of \(slug) is running: wait until it ends, or stop it")
        }
        let days = try await days(of: request, on: connection)
        try await deleteLeftovers(outside: days, of: request, on: connection)
        guard let days else {
            return Outcome(run: 0, days: nil, events: 0, readTime: .zero)
        }
        let record = RunRecord(connection: connection, lease: request.lease)
        let run = try await record.begin(request, days)
        do {
            let outcome = try await score(request, days, run: run, on: connection, progress: progress)
            try await record.finish(outcome)
            return outcome
        } catch {
            await record.fail(run, "\(error)")
            throw error
        }
    }

    private func score(
        _ request: Request, _ days: ClosedRange<LocalDay>, run: Int64, on connection: PostgresConnection,
        progress: @Sendable (Step) -> Void
    ) async throws -> Outcome {
        let clock = ContinuousClock()
        progress(.reading(resolutions: request.resolutions.count))
        let began = clock.now
        if request.isFull {
            try await connection.query("SELECT mark_all_event_days($1)", [request.dataset.slug])
        }
        let lookedAt = days.lowerBound.advanced(by: -Scoring.lookBack)...days.upperBound
        let input = try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            try await ScoringInput.load(
                $0, options, dataset: request.dataset, days: lookedAt, resolutions: request.resolutions, sql: sql)
        }
        if input.eventDays.hasUncounted {
            try await connection.query("SELECT recount_event_days($1)", [request.dataset.slug])
        }
        var outcome = Outcome(run: run, days: days, events: input.events, readTime: clock.now - began)
        let scoring = Scoring(
            days: days, weights: request.dataset.weights, thresholds: request.dataset.thresholds,
            normalization: request.normalization)
        for (done, resolution) in request.resolutions.enumerated() {
            progress(.scoring(resolution: resolution, done: done, of: request.resolutions.count))
            let start = clock.now
            let writer = ScoredRowsWriter(
                connection: connection, dataset: request.dataset.slug, resolution: resolution, scoring: scoring,
                eventDays: input.eventDays)
            let stale = try await writer.staleDays()
            let counts = try await input.counts(of: stale, resolution: resolution, on: connection)
            let rows = scoring.rows(of: counts, on: Set(stale))
            let scored = try await connection.transaction { connection in
                try await CountsStore(connection: connection, dataset: request.dataset.slug, resolution: resolution)
                    .put(input.binned[resolution] ?? [:])
                try await writer.replace(stale, with: rows, run: run)
                let scored = try await RunRecord(connection: connection).keepScale(
                    of: scoring, run, request.dataset.slug, resolution, sql: sql)
                try await request.lease?.hold(on: connection)
                return scored
            }
            outcome.resolutions.append(Resolution(resolution: resolution, rows: scored, time: clock.now - start))
        }
        return outcome
    }

    private func days(
        of request: Request, on connection: PostgresConnection
    ) async throws -> ClosedRange<LocalDay>? {
        let first: LocalDay
        let last: LocalDay
        if let from = request.from, let to = request.to {
            guard from <= to else { throw StorageError(.interval, "the last day, \(to), is before the first, \(from)") }
            (first, last) = (from, to)
        } else {
            let extent = try await EventExtent(dataset: request.dataset.slug, sql: sql)
                .days(inZone: request.dataset.timeZone, on: connection)
            guard let from = request.from ?? extent?.lowerBound, let to = request.to ?? extent?.upperBound
            else { return nil }
            (first, last) = (from, to)
        }
        let kept = try await firstKeptDay(of: request.dataset, on: connection).map { max(first, $0) } ?? first
        return kept <= last ? kept...last : nil
    }
}
