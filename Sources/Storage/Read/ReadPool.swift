import Metrics
package import Postgres
import Risk

/// The sessions that answer reads: they may look, never write, and no statement runs for long.
package struct ReadPool: Sendable {
    private let pool: PostgresPool
    private let gate = DatabaseGate()
    /// The role that migration 0006 makes.
    package static let role = "hextant_reader"

    /// - Parameter options: an address; role and statement time-out are set here.
    package init(_ options: PostgresOptions, capacity: Int, statementTimeout: Duration) {
        var options = Self.session(options)
        options.statementTimeout = statementTimeout
        pool = PostgresPool(options, capacity: capacity)
    }

    /// The same address for a session that may only read.
    package static func session(_ options: PostgresOptions) -> PostgresOptions {
        var options = options
        options.settings["role"] = role
        options.settings["default_transaction_read_only"] = "on"
        options.settings["jit"] = "off"
        return options
    }

    package func query(_ sql: String, _ parameters: [any PostgresEncodable] = []) async throws -> PostgresRows {
        try await query(sql, parameters, keepsPlan: true, timer: nil) { $0 }
    }

    /// - Parameters:
    ///   - timer: Told how long the statement ran, without the wait for a session.
    ///   - read: What is made of the rows on the session's thread.
    func query<Output: Sendable>(
        _ sql: String, _ parameters: [any PostgresEncodable], timer: Timer,
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws -> Output {
        try await query(sql, parameters, keepsPlan: true, timer: timer, read)
    }

    /// A statement with the filter, if there is one, in its place. No session keeps such a statement, for nearly each is
    /// another.
    func query(
        _ sql: String, _ parameters: [any PostgresEncodable], _ filter: FeatureFilter?, _ columns: FilterColumns
    ) async throws -> PostgresRows {
        guard let filter else { return try await query(sql, parameters) }
        let statement = try FilterStatement(filter, columns, after: parameters)
        return try await query(statement.applied(to: sql), statement.parameters, keepsPlan: false, timer: nil) { $0 }
    }

    /// - Throws: ``StoreUnavailable`` when the database is out of reach or too busy; what else it says as it says it.
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

    /// Sessions in use, and callers that wait for one.
    package var load: (leased: Int, waiting: Int) { pool.load }

    /// Whether the database does not answer and is left alone for a while.
    package var isLeftAlone: Bool { gate.isLeftAlone }

    package func close() async { await pool.close() }
}

/// The database cannot answer now; asking again later makes sense.
struct StoreUnavailable: TemporarilyUnavailable, CustomStringConvertible {
    let reason: PostgresError

    var retryAfter: Duration { .seconds(reason.code == .poolExhausted ? 1 : 5) }

    var description: String { reason.description }

    /// The error as those who ask are to see it: as this where it passes by itself, else as it is.
    static func or(_ error: PostgresError) -> any Error {
        if SchemaMismatch.isSign(error) { return SchemaMismatch(reason: error) }
        return switch error.code {
        case .connection, .timeout, .poolExhausted, .closed: StoreUnavailable(reason: error)
        case .cancelled: CancellationError()
        case .server, .decoding: error
        }
    }
}
