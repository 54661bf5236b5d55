import Domain
import Metrics
package import Postgres

/// The connections that answer reads. They cannot write, and no statement runs for long.
package struct ReadPool: Sendable {
    private let pool: PostgresPool
    private let gate = DatabaseGate()
    /// The role that migration 0006 creates.
    package static let role = "hextant_reader"

    /// - Parameter options: Where to connect. The role and the statement timeout are set here.
    package init(_ options: PostgresOptions, capacity: Int, statementTimeout: Duration) {
        var options = Self.readOnly(options)
        options.statementTimeout = statementTimeout
        pool = PostgresPool(options, capacity: capacity)
    }

    /// The same options for a connection that can only read.
    package static func readOnly(_ options: PostgresOptions) -> PostgresOptions {
        var options = options
        options.settings["role"] = role
        options.settings["default_transaction_read_only"] = "on"
        options.settings["jit"] = "off"
        return options
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws of a pool.
    package func query(_ sql: String, _ parameters: [any PostgresEncodable] = []) async throws -> PostgresRows {
        try await query(sql, parameters, keepsPlan: true, timer: nil) { $0 }
    }

    /// Runs a statement that is planned with its values every time. Connections do not keep it prepared, because a plan
    /// for any values would touch every partition of the events.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws of a pool.
    func queryOnce(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> PostgresRows {
        try await query(sql, parameters, keepsPlan: false, timer: nil) { $0 }
    }

    /// - Parameters:
    ///   - timer: Records how long the statement ran, without the wait for a connection.
    ///   - read: Converts the rows on the connection's thread.
    func query<Output: Sendable>(
        _ sql: String, _ parameters: [any PostgresEncodable], timer: Timer,
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws -> Output {
        try await query(sql, parameters, keepsPlan: true, timer: timer, read)
    }

    /// Runs a statement with the filter, if there is one, in its place. Connections do not keep such statements
    /// prepared, because nearly every one is different.
    func query(
        _ sql: String, _ parameters: [any PostgresEncodable], _ filter: FeatureFilter?, _ columns: FilterColumns
    ) async throws -> PostgresRows {
        guard let filter else { return try await query(sql, parameters) }
        let statement = try FilterStatement(filter, columns, after: parameters)
        return try await query(statement.applied(to: sql), statement.parameters, keepsPlan: false, timer: nil) { $0 }
    }

    /// - Throws: ``StoreUnavailable`` when the database is out of reach or too busy, `SchemaMismatch` when it has
    ///   another schema, `CancellationError` when the task was cancelled; otherwise `PostgresError`.
    private func query<Output: Sendable>(
        _ sql: String, _ parameters: [any PostgresEncodable], keepsPlan: Bool, timer: Timer?,
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws -> Output {
        do {
            return try await gate.query(pool, sql, parameters, keepsPlan: keepsPlan, timer: timer, read)
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        }
    }

    /// The number of connections in use and of callers that wait for one.
    package var load: (leased: Int, waiting: Int) { pool.load }

    /// Whether the database does not answer and is left alone for a while.
    package var isLeftAlone: Bool { gate.isLeftAlone }

    package func close() async { await pool.close() }
}
