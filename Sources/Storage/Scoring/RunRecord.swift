import Postgres
import Risk

/// The line in analytics_runs that tells how a run went.
struct RunRecord {
    let connection: PostgresConnection

    func begin(_ request: ScoringRun.Request, _ days: ClosedRange<LocalDay>) async throws -> Int64 {
        let rows = try await connection.query(
            """
            INSERT INTO analytics_runs (dataset, resolutions, from_day, to_day, state, started_at)
            VALUES ($1, $2, $3, $4, 'running', now()) RETURNING id
            """,
            [
                request.dataset.slug, PostgresArray(request.resolutions.map { Int16(clamping: $0) }),
                days.lowerBound, days.upperBound,
            ])
        return try rows[0].get(0)
    }

    func finish(_ outcome: ScoringRun.Outcome) async throws {
        try await connection.query(
            """
            UPDATE analytics_runs
            SET state = 'finished', progress = 1, events = $2, rows = $3, finished_at = now() WHERE id = $1
            """, [outcome.run, outcome.events, outcome.resolutions.reduce(0) { $0 + $1.rows }])
    }

    /// Keeps what the scores of a resolution are relative to; inside the transaction that writes them.
    func keepScale(of scoring: Scoring, _ rows: ScoredRows, _ run: Int64, _ resolution: Int) async throws {
        let thresholds = scoring.thresholds
        try await connection.query(
            "INSERT INTO run_scales VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                run, Int16(resolution), scoring.normalization.rawValue, thresholds.medium, thresholds.high,
                thresholds.critical, thresholds.flagZ, rows.count, rows.risks.min(), rows.risks.max(),
            ])
    }

    /// A run whose session broke stays `running`; the error that broke it is the one to tell.
    func fail(_ run: Int64, _ reason: String) async {
        _ = try? await connection.query(
            "UPDATE analytics_runs SET state = 'failed', error = $2, finished_at = now() WHERE id = $1",
            [run, reason])
    }
}
