/// The decisions of a pool, without any I/O: each call returns what the caller must do.
struct PoolState<Connection, Waiter> {
    enum Lease {
        case use(Connection)
        case connect
        case wait
        case refuse
        case closed
    }

    enum Release {
        /// Hand the connection to the longest waiting caller.
        case hand(Connection, to: Waiter)
        /// The connection is gone but a caller waits: open another one for it.
        case connect(for: Waiter)
        case close(Connection)
        case none
    }

    let capacity: Int
    let maxWaiters: Int
    private var idle: [Connection] = []
    private var waiters: [(id: Int, waiter: Waiter)] = []
    private(set) var leased = 0
    private(set) var isClosed = false

    init(capacity: Int, maxWaiters: Int) {
        self.capacity = capacity
        self.maxWaiters = maxWaiters
    }

    var waiting: Int { waiters.count }

    /// Asks for a connection. After `.wait` the caller must call `enqueue`, after `.connect` `connected` or
    /// `release(nil)`.
    mutating func lease() -> Lease {
        if isClosed { return .closed }
        if let connection = idle.popLast() {
            leased += 1
            return .use(connection)
        }
        if leased < capacity {
            leased += 1
            return .connect
        }
        return waiters.count < maxWaiters ? .wait : .refuse
    }

    mutating func enqueue(_ waiter: Waiter, id: Int) {
        waiters.append((id, waiter))
    }

    /// Removes a waiter that gave up; `nil` when it was already served.
    mutating func leave(id: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Ends a lease. `connection` is `nil` when it cannot be used any more or could not be opened.
    mutating func release(_ connection: Connection?) -> Release {
        if !waiters.isEmpty {
            let next = waiters.removeFirst()
            return connection.map { .hand($0, to: next.waiter) } ?? .connect(for: next.waiter)
        }
        leased -= 1
        guard let connection else { return .none }
        if isClosed { return .close(connection) }
        idle.append(connection)
        return .none
    }

    /// Closes the pool: no lease is given from now on, idle connections must be closed, and waiters must be told.
    mutating func close() -> (idle: [Connection], waiters: [Waiter]) {
        isClosed = true
        defer {
            idle = []
            waiters = []
        }
        return (idle, waiters.map(\.waiter))
    }
}
