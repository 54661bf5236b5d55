package import Domain
package import Postgres

/// Stores evaluations of forecasts.
package struct EvaluationWriter: Sendable {
    private let connection: PostgresConnection

    /// The number of evaluations that are kept of a dataset, resolution, kind and horizon, the newest.
    package static let kept = 50

    package init(_ connection: PostgresConnection) { self.connection = connection }

    /// Adds an evaluation and deletes those of the same kind that are older than is kept. Its own id and time are
    /// not looked at.
    ///
    /// - Parameter lease: The lease of the job that this belongs to; without it nothing is written.
    /// - Returns: The id.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func add(_ evaluation: OutlookEvaluation, lease: JobLease? = nil) async throws -> Int64 {
        try await connection.transaction { connection in
            let id: Int64 = try await connection.query(
                """
                INSERT INTO outlook_evaluations (
                    dataset, resolution, kind, horizon, from_day, to_day, cells, origins, outside, is_behind,
                    best_rival, methods, comparisons)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb)
                RETURNING id
                """,
                [
                    evaluation.dataset, Int16(clamping: evaluation.resolution), evaluation.kind.text,
                    Int16(clamping: evaluation.horizon), evaluation.days.lowerBound, evaluation.days.upperBound,
                    Int32(clamping: evaluation.cells), Int32(clamping: evaluation.origins), Int64(evaluation.outside),
                    evaluation.isBehind, evaluation.bestRival, evaluation.methods, evaluation.comparisons,
                ])[0].get(0)
            try await connection.query(
                """
                DELETE FROM outlook_evaluations
                WHERE dataset = $1 AND resolution = $2 AND kind = $3 AND horizon = $4 AND id <= (
                    SELECT id FROM outlook_evaluations
                    WHERE dataset = $1 AND resolution = $2 AND kind = $3 AND horizon = $4
                    ORDER BY id DESC OFFSET $5 LIMIT 1)
                """,
                [
                    evaluation.dataset, Int16(clamping: evaluation.resolution), evaluation.kind.text,
                    Int16(clamping: evaluation.horizon), Int64(Self.kept),
                ])
            try await lease?.hold(on: connection)
            return id
        }
    }
}
