import Breaker
import Metrics
import NIOCore
import Postgres
import Synchronization

/// Stops sending statements to a database that does not answer, and measures how long callers wait.
///
/// Only silence counts as a failure: a connection that cannot be made or breaks, or a statement that does not end even
/// after it was cancelled. A statement that fails or takes too long is an answer.
final class DatabaseGate: Sendable {
    private let breaker = Mutex(CircuitBreaker(policy: CircuitBreaker.Policy()))
    private let wait = Timer(label: "database_pool_wait_seconds")
    private let statement = Timer(label: "database_statement_seconds")
    private let refused = Counter(label: "database_refused_total")

    /// Whether the database fails and is left alone for a while.
    var isLeftAlone: Bool { breaker.withLock { $0.isOpen(now: .now()) } }

    /// Runs one statement on a connection of the pool.
    /// - Parameters:
    ///   - keepsPlan: Whether the connection keeps the statement prepared.
    ///   - read: Converts the rows on the connection's thread. Its time does not count as the statement's.
    func query<Output: Sendable>(
        _ pool: PostgresPool, _ sql: String, _ parameters: [any PostgresEncodable], keepsPlan: Bool, timer: Timer?,
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws -> Output {
        guard breaker.withLock({ $0.refusal(now: .now(), jitter: .random(in: 0...1)) }) == nil else {
            refused.increment()
            throw PostgresError(.connection, "the database does not answer and is not asked for a while")
        }
        do {
            let asked = ContinuousClock.now
            let output = try await pool.withConnection { connection in
                let began = ContinuousClock.now
                wait.record(duration: began - asked)
                @Sendable func ended() {
                    let elapsed = ContinuousClock.now - began
                    statement.record(duration: elapsed)
                    timer?.record(duration: elapsed)
                }
                let reading = { @Sendable (rows: PostgresRows) throws(PostgresError) -> Output in
                    ended()
                    return try read(rows)
                }
                do throws(PostgresError) {
                    return keepsPlan
                        ? try await connection.query(sql, parameters, reading)
                        : try await connection.queryOnce(sql, parameters, reading)
                } catch {
                    // The statement had ended before its rows could not be read.
                    if error.code != .decoding { ended() }
                    throw error
                }
            }
            breaker.withLock { $0.succeeded() }
            return output
        } catch let error as PostgresError {
            settle(error)
            throw error
        }
    }

    private func settle(_ error: PostgresError) {
        switch error.code {
        case .server, .decoding,
            .timeout where error.sqlState != nil:
            breaker.withLock { $0.succeeded() }
        case .connection, .timeout:
            breaker.withLock { $0.failed(now: .now(), jitter: .random(in: 0...1)) }
        case .poolExhausted:
            refused.increment()
        case .cancelled, .closed:
            break
        }
    }
}
