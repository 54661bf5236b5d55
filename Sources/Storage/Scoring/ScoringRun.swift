package import Postgres
package import Risk

/// Scores a dataset over an interval of days, at several resolutions from one read of its events.
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
        /// From the first to the last day with events where an end is not given.
        package var from: LocalDay?
        package var to: LocalDay?
        package var normalization: Normalization
        /// Of the job that this run is the work of: its record is there already, and who lost it writes nothing.
        package var lease: JobLease?

        package init(
            dataset: Dataset, resolutions: [Int], from: LocalDay? = nil, to: LocalDay? = nil,
            normalization: Normalization = .minmax, lease: JobLease? = nil
        ) {
            self.dataset = dataset
            self.resolutions = resolutions
            self.from = from
            self.to = to
            self.normalization = normalization
            self.lease = lease
        }
    }

    package struct Outcome: Sendable {
        package let run: Int64
        /// `nil` when the dataset has no events and no interval was asked for.
        package let days: ClosedRange<LocalDay>?
        /// Events read, the week before the interval included.
        package let events: Int
        package let readTime: Duration
        package var resolutions: [Resolution] = []
    }

    package struct Resolution: Sendable {
        package let resolution: Int
        package let rows: Int
        package let time: Duration
    }

    /// What is done next, for progress: reading, or one of the resolutions.
    package enum Step: Sendable {
        case reading(resolutions: Int)
        case scoring(resolution: Int, done: Int, of: Int)
    }

    /// Runs to the end. Each resolution is replaced in one transaction; a run that fails is recorded with its error.
    package func run(
        _ request: Request, progress: @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        try await PostgresConnection.withSession(options) { connection in
            try await run(request, on: connection, progress: progress)
        }
    }

    private func run(
        _ request: Request, on connection: PostgresConnection, progress: @Sendable (Step) -> Void
    ) async throws -> Outcome {
        let slug = request.dataset.slug
        let lock = try await connection.query(
            "SELECT pg_try_advisory_lock(hashtextextended('hextant score ' || $1, 0))", [slug])
        guard try lock[0].get(0) == true else {
            throw StorageError(.busy, "another scoring run of \(slug) is going on: wait for it or stop it")
        }
        guard let days = try await days(of: request, on: connection) else {
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
        let lookedAt = days.lowerBound.advanced(by: -Scoring.lookBack)...days.upperBound
        let points = try await connection.transaction("BEGIN READ ONLY") { connection in
            try await Points.load(connection, dataset: request.dataset, days: lookedAt, sql: sql)
        }
        var outcome = Outcome(run: run, days: days, events: points.days.count, readTime: clock.now - began)
        let scoring = Scoring(
            days: days, weights: request.dataset.weights, normalization: request.normalization)
        for (done, resolution) in request.resolutions.enumerated() {
            progress(.scoring(resolution: resolution, done: done, of: request.resolutions.count))
            let start = clock.now
            let rows = scoring.rows(of: try points.counts(resolution: resolution))
            try await write(rows, days, request, resolution, on: connection)
            outcome.resolutions.append(
                Resolution(resolution: resolution, rows: rows.count, time: clock.now - start))
        }
        return outcome
    }

    private func write(
        _ rows: ScoredRows, _ days: ClosedRange<LocalDay>, _ request: Request, _ resolution: Int,
        on connection: PostgresConnection
    ) async throws {
        try await connection.transaction { connection in
            try await CellStore(connection: connection).add(rows.distinctCells, resolution: resolution)
            try await ScoredRowsWriter(
                connection: connection, dataset: request.dataset.slug, resolution: resolution
            ).replace(days, with: rows)
            try await request.lease?.hold(on: connection)
        }
    }

    private func days(
        of request: Request, on connection: PostgresConnection
    ) async throws -> ClosedRange<LocalDay>? {
        if let from = request.from, let to = request.to { return from...to }
        let extent = try await connection.query(
            sql[.runExtent], [request.dataset.slug, request.dataset.timeZone])[0]
        guard let first = try request.from ?? extent.get(0), let last = try request.to ?? extent.get(1), first <= last
        else { return nil }
        return first...last
    }
}

extension ScoredRows {
    /// Each cell once; the rows are in the order of their cells.
    fileprivate var distinctCells: [UInt64] {
        var distinct: [UInt64] = []
        for cell in cells where distinct.last != cell { distinct.append(cell) }
        return distinct
    }
}
