package import Postgres

/// Runs statements: a single connection or a pool.
package protocol QueryRunner: Sendable {
    /// Runs one statement.
    ///
    /// - Throws: A single connection throws `PostgresError`. A pool (``ReadPool``, ``WritePool``) throws
    ///   ``StoreUnavailable`` when the database is out of reach or too busy, `SchemaMismatch` when it has another
    ///   schema, `CancellationError` when the task was cancelled, and otherwise `PostgresError`.
    func query(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> PostgresRows
}

extension PostgresConnection: QueryRunner {}

extension ReadPool: QueryRunner {}
