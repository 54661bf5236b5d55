import Synchronization

/// A bounded set of connections that callers borrow one at a time.
package final class PostgresPool: Sendable {
    private typealias Waiter = CheckedContinuation<Turn, any Error>
    private typealias State = PoolState<PostgresConnection, Waiter>

    /// The answer that a waiting caller gets.
    private enum Turn {
        case use(PostgresConnection)
        case connect
    }

    package let options: PostgresOptions
    private let maxWait: Duration
    private let state: Mutex<State>
    private let ids = Atomic<Int>(0)

    /// - Parameters:
    ///   - capacity: The largest number of connections, 1 or more.
    ///   - maxWaiters: How many callers may wait for a connection. Further ones are refused at once.
    ///   - maxWait: The longest time that a caller waits.
    package init(_ options: PostgresOptions, capacity: Int, maxWaiters: Int = 256, maxWait: Duration = .seconds(5)) {
        self.options = options
        self.maxWait = maxWait
        state = Mutex(State(capacity: max(1, capacity), maxWaiters: maxWaiters))
    }

    /// Lends a connection to `body`. A connection that comes back broken or inside a transaction is closed.
    package func withConnection<Output: Sendable>(
        _ body: (PostgresConnection) async throws -> Output
    ) async throws -> Output {
        let connection = try await lease()
        do {
            let output = try await body(connection)
            await giveBack(connection)
            return output
        } catch {
            await giveBack(connection)
            throw error
        }
    }

    /// Runs one statement on any connection.
    @discardableResult
    package func query(_ sql: String, _ parameters: [any PostgresEncodable] = []) async throws -> PostgresRows {
        try await withConnection { try await $0.query(sql, parameters) }
    }

    /// The number of connections in use and of callers that wait for one.
    package var load: (leased: Int, waiting: Int) {
        state.withLock { ($0.leased, $0.waiting) }
    }

    /// Closes idle connections. Those in use are closed when they come back.
    package func close() async {
        let (idle, waiters) = state.withLock { $0.close() }
        for waiter in waiters { waiter.resume(throwing: Self.closed) }
        for connection in idle { await connection.close() }
    }

    private func lease() async throws -> PostgresConnection {
        switch state.withLock({ $0.lease() }) {
        case .use(let connection): return connection
        case .connect: return try await connect()
        case .refuse:
            throw PostgresError(.poolExhausted, "every database connection is busy and the queue for one is full")
        case .closed: throw Self.closed
        case .wait: return try await waitForTurn()
        }
    }

    private func connect() async throws -> PostgresConnection {
        do {
            return try await PostgresConnection(options)
        } catch {
            pass(nil)
            throw error
        }
    }

    private func waitForTurn() async throws -> PostgresConnection {
        let id = ids.add(1, ordering: .relaxed).newValue
        let timer = Task { [maxWait] in
            try await Task.sleep(for: maxWait)
            leave(id, PostgresError(.poolExhausted, "no database connection became free in time"))
        }
        defer { timer.cancel() }
        let turn = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: Waiter) in
                enqueue(waiter, id: id)
            }
        } onCancel: {
            leave(id, PostgresError(.cancelled, "the task was cancelled"))
        }
        return switch turn {
        case .use(let connection): connection
        case .connect: try await connect()
        }
    }

    /// A connection may have come back between the decision to wait and this call, so the state is asked again.
    private func enqueue(_ waiter: Waiter, id: Int) {
        let turn: Result<Turn, any Error>? = state.withLock { state in
            if Task.isCancelled { return .failure(PostgresError(.cancelled, "the task was cancelled")) }
            switch state.lease() {
            case .use(let connection): return .success(.use(connection))
            case .connect: return .success(.connect)
            case .closed: return .failure(Self.closed)
            case .wait, .refuse:
                state.enqueue(waiter, id: id)
                return nil
            }
        }
        if let turn { waiter.resume(with: turn) }
    }

    private func leave(_ id: Int, _ error: PostgresError) {
        state.withLock { $0.leave(id: id) }?.resume(throwing: error)
    }

    private func giveBack(_ connection: PostgresConnection) async {
        if connection.isReusable {
            pass(connection)
        } else {
            await connection.close()
            pass(nil)
        }
    }

    private func pass(_ connection: PostgresConnection?) {
        switch state.withLock({ $0.release(connection) }) {
        case .hand(let connection, let waiter): waiter.resume(returning: .use(connection))
        case .connect(let waiter): waiter.resume(returning: .connect)
        case .close(let connection): Task { await connection.close() }
        case .none: break
        }
    }

    private static var closed: PostgresError { PostgresError(.closed, "the pool is closed") }
}
