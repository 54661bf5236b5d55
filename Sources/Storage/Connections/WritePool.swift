package import Postgres

/// The connections for writes that clients ask for: only a few, and no statement runs for long.
package struct WritePool: QueryRunner {
    private let pool: PostgresPool

    package init(_ options: PostgresOptions, capacity: Int, statementTimeout: Duration) {
        var options = options
        options.statementTimeout = statementTimeout
        pool = PostgresPool(options, capacity: capacity)
    }

    /// - Throws: ``StoreUnavailable`` when the database is out of reach or too busy, `SchemaMismatch` when it has
    ///   another schema, `CancellationError` when the task was cancelled; otherwise `PostgresError`.
    package func query(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> PostgresRows {
        do {
            return try await pool.query(sql, parameters)
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        }
    }

    package func close() async { await pool.close() }
}
