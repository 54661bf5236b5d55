package import Domain
package import Postgres

/// Stores what trainings and looks at drift give.
package struct ModelWriter: Sendable {
    private let connection: PostgresConnection

    /// The number of models that are kept of a dataset and kind besides the active one, the newest.
    package static let kept = 20

    /// - Parameter connection: A connection without an open transaction.
    package init(_ connection: PostgresConnection) { self.connection = connection }

    /// Adds a model as a candidate, in one transaction with its activation if that is wanted. The same file of a
    /// dataset is the same model, so a training that is repeated after it was stored adds nothing. Models older than
    /// what is kept are deleted.
    ///
    /// - Parameters:
    ///   - model: Its id, state, times, digest and size are not looked at.
    ///   - lease: The lease of the job that this belongs to; without it nothing is written.
    /// - Returns: The id.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func add(
        _ model: StoredModel, file: [UInt8], activate: Bool, lease: JobLease? = nil
    ) async throws -> Int64 {
        try await connection.transaction { connection in
            let id: Int64 = try await connection.query(
                """
                INSERT INTO models (
                    dataset, kind, from_day, to_day, test_from_day, test_to_day, payments, features, parameters,
                    metrics, library, sha256, file)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $12, $13)
                ON CONFLICT (dataset, kind, sha256) DO UPDATE SET trained_at = now(), library = excluded.library
                RETURNING id
                """,
                [
                    model.dataset, model.kind.rawValue, model.training.lowerBound, model.training.upperBound,
                    model.test?.lowerBound, model.test?.upperBound, model.payments, PostgresArray(model.features),
                    model.parameters, model.metrics, model.library, PostgresBytes(ModelStore.digest(of: file)),
                    PostgresBytes(file),
                ])[0].get(0)
            if activate { try await connection.query("SELECT activate_model($1)", [id]) }
            try await connection.query(
                """
                DELETE FROM models
                WHERE dataset = $1 AND kind = $2 AND state <> 'active' AND id <> $3 AND id <= (
                    SELECT id FROM models WHERE dataset = $1 AND kind = $2 AND state <> 'active'
                    ORDER BY id DESC OFFSET $4 LIMIT 1)
                """, [model.dataset, model.kind.rawValue, id, Int64(Self.kept)])
            try await lease?.hold(on: connection)
            return id
        }
    }

    /// Notes how far the data have moved since a model was trained.
    ///
    /// - Parameter lease: The lease of the job that this belongs to; without it nothing is written.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func note(_ drift: StoredModel.Drift, of id: Int64, lease: JobLease? = nil) async throws {
        try await connection.transaction { connection in
            try await connection.query(
                """
                UPDATE models
                SET drift_at = $2, drift_rows = $3, drift_index = $4, drift_indexes = $5::jsonb
                WHERE id = $1
                """, [id, drift.measuredAt, drift.rows, drift.index, drift.indexes])
            try await lease?.hold(on: connection)
        }
    }
}
