import Breaker
import Metrics
import NIOCore
import Postgres
import Synchronization

/// Leaves a database alone that does not answer, and tells how long those who ask it wait.
///
/// Only silence counts against it: a connection that cannot be made or breaks, and a statement whose end is not even told
/// after it was cancelled. A statement that fails or takes too long is an answer.
final class DatabaseGate: Sendable {
    private let breaker = Mutex(CircuitBreaker(policy: CircuitBreaker.Policy()))
    private let wait = Timer(label: "database_pool_wait_seconds")
    private let statement = Timer(label: "database_statement_seconds")
    private let refused = Counter(label: "database_refused_total")

    /// Whether the database fails and is left alone for a while.
    var isLeftAlone: Bool { breaker.withLock { $0.isOpen(now: .now()) } }

    /// Runs one statement on a session of the pool.
    /// - Parameter keepsPlan: Whether the session keeps the statement prepared.
    func query(
        _ pool: PostgresPool, _ sql: String, _ parameters: [any PostgresEncodable], keepsPlan: Bool, timer: Timer?
    ) async throws -> PostgresRows {
        guard breaker.withLock({ $0.refusal(now: .now(), jitter: .random(in: 0...1)) }) == nil else {
            refused.increment()
            throw PostgresError(.connection, "the database does not answer and is left alone for a while")
        }
        do {
            let asked = ContinuousClock.now
            let rows = try await pool.withConnection { connection in
                let began = ContinuousClock.now
                wait.record(duration: began - asked)
                defer {
                    let elapsed = ContinuousClock.now - began
                    statement.record(duration: elapsed)
                    timer?.record(duration: elapsed)
                }
                return keepsPlan
                    ? try await connection.query(sql, parameters) : try await connection.queryOnce(sql, parameters)
            }
            breaker.withLock { $0.succeeded() }
            return rows
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
