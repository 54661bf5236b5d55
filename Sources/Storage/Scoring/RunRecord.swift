import Domain
import Postgres
import Risk

/// The row of `analytics_runs` that records a run.
struct RunRecord {
    let connection: PostgresConnection
    /// The lease of the job that the run belongs to. That job's record was created when it was queued and is closed
    /// with it.
    var lease: JobLease?

    func begin(_ request: ScoringRun.Request, _ days: ClosedRange<LocalDay>) async throws -> Int64 {
        if let lease { return try await begin(days, lease) }
        // The caller holds the dataset's lock, so any record that is still open was left behind by a command that died.
        try await connection.query(
            """
            UPDATE analytics_runs SET state = 'failed', error = 'interrupted', finished_at = now()
            WHERE dataset = $1 AND state = 'running' AND job IS NULL
            """, [request.dataset.slug])
        let rows = try await connection.query(
            """
            INSERT INTO analytics_runs (
                dataset, resolutions, from_day, to_day, normalization, attempts, state, started_at, trigger)
            VALUES ($1, $2, $3, $4, $5, 1, 'running', now(), 'command score') RETURNING id
            """,
            [
                request.dataset.slug, PostgresArray(request.resolutions.map { Int16(clamping: $0) }),
                days.lowerBound, days.upperBound, request.normalization.rawValue,
            ])
        return try rows[0].get(0)
    }

    /// Sets the first and last day, which were not known when the job was queued.
    private func begin(_ days: ClosedRange<LocalDay>, _ lease: JobLease) async throws -> Int64 {
        try await connection.transaction { connection in
            try await lease.hold(on: connection)
            let rows = try await connection.query(
                "UPDATE analytics_runs SET from_day = $2, to_day = $3 WHERE job = $1 RETURNING id",
                [lease.job, days.lowerBound, days.upperBound])
            guard let row = rows.first else { throw LeaseLost() }
            return try row.get(0)
        }
    }

    func finish(_ outcome: ScoringRun.Outcome) async throws {
        if lease != nil { return }
        try await connection.query(
            """
            UPDATE analytics_runs
            SET state = 'finished', progress = 1, events = $2, rows = $3, finished_at = now() WHERE id = $1
            """, [outcome.run, outcome.events, outcome.resolutions.reduce(0) { $0 + $1.rows }])
    }

    /// Stores the scale that the scores of a resolution are relative to. It must run inside the transaction that writes
    /// the rows, and after them.
    ///
    /// - Returns: The number of rows of the run at the resolution.
    func keepScale(
        of scoring: Scoring, _ run: Int64, _ dataset: Slug, _ resolution: Int, sql: SQLFiles
    ) async throws -> Int {
        let thresholds = scoring.thresholds
        let rows = try await connection.query(
            sql[.runScale],
            [
                run, Int16(resolution), dataset, scoring.days.lowerBound, scoring.days.upperBound,
                scoring.normalization.rawValue, thresholds.medium, thresholds.high, thresholds.critical,
                thresholds.flagZ,
            ])
        return try rows[0].get(0)
    }

    /// Marks the run as failed. If its connection broke, the run stays `running` until a worker or the next run finds
    /// it, and the error of this statement is ignored in favour of the one that broke the run.
    func fail(_ run: Int64, _ reason: String) async {
        if lease != nil { return }
        _ = try? await connection.query(
            "UPDATE analytics_runs SET state = 'failed', error = $2, finished_at = now() WHERE id = $1",
            [run, reason])
    }
}
