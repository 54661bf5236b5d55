import CLibpq
import Foundation
import Synchronization
import Threads

/// A connection to a PostgreSQL server.
///
/// libpq is not thread-safe per connection ("you cannot issue concurrent commands from different threads through the
/// same connection object"). So the connection is an actor on a thread of its own, where it may block and nobody else
/// uses it.
package actor PostgresConnection {
    private let thread: ConnectionThread
    let wake = WakeSignal()
    private var owned: OwnedHandle?
    private var canceller: Canceller?
    /// The names of prepared statements by their text.
    private var prepared: [String: String] = [:]
    private var askedOnce: Set<String> = []
    /// Whether the last operation left the connection in the same state as before.
    private nonisolated let isSettled = Atomic(false)
    private let patience: Duration
    /// How long a statement may go on after it was cancelled or timed out before the connection is given up.
    private static let grace = Duration.seconds(2)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Connects, or throws `.connection` with the message of the server or the network.
    package init(_ options: PostgresOptions) async throws(PostgresError) {
        thread = ConnectionThread(name: "postgres")
        patience = options.statementTimeout.map { $0 + Self.grace } ?? .seconds(24 * 3600)
        try open(options)
    }

    deinit {
        thread.stop()
    }

    private func open(_ options: PostgresOptions) throws(PostgresError) {
        // libpq parses the first dbname as a URL and takes a second one, if not empty, as a plain name.
        let keywords = ["dbname", "dbname", "application_name", "connect_timeout", "client_encoding", "options"]
        let seconds = max(2, (options.connectTimeout.milliseconds + 999) / 1000)
        let values = [
            options.url, options.database ?? "", options.applicationName, "\(seconds)", "UTF8",
            options.commandLineOptions,
        ]
        let handle = withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let handle else { throw PostgresError(.connection, "cannot connect: out of memory") }
        let owned = OwnedHandle(handle)
        guard PQstatus(handle) == CONNECTION_OK else {
            throw PostgresError(.connection, "cannot connect: \(owned.lastError)")
        }
        PQsetnonblocking(handle, 1)
        // Notices are remarks for a person at a terminal, which libpq would print on standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        self.owned = owned
        canceller = Canceller(handle, wake: wake)
        settle()
    }

    /// Whether the connection can be used for something new: connected, no transaction open, nothing cancelled. This is
    /// known without waiting for the connection's thread.
    package nonisolated var isReusable: Bool { isSettled.load(ordering: .acquiring) }

    func settle() {
        isSettled.store(isIdle, ordering: .releasing)
    }

    private var isIdle: Bool {
        guard let owned, let canceller, !canceller.isRequested else { return false }
        return PQstatus(owned.handle) == CONNECTION_OK && PQtransactionStatus(owned.handle) == PQTRANS_IDLE
    }

    package func close() {
        owned = nil
        canceller = nil
        settle()
    }

    // MARK: Statements

    /// Runs one statement with parameters `$1…`. It is prepared at its second use on the connection, because most
    /// statements of a command are run once, and preparing them would take another round trip.
    ///
    /// When the task is cancelled, the statement is cancelled on the server.
    @discardableResult
    package func query(
        _ sql: String, _ parameters: [any PostgresEncodable] = []
    ) async throws(PostgresError) -> PostgresRows {
        try await query(sql, parameters) { $0 }
    }

    /// Runs one statement and returns what `read` makes of its rows on this connection's thread.
    package func query<Output: Sendable>(
        _ sql: String, _ parameters: [any PostgresEncodable],
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws(PostgresError) -> Output {
        try await cancellable { connection throws(PostgresError) in
            try read(connection.rows(sql, parameters))
        }
    }

    /// Runs one statement that will not be used again, so that the connection does not keep it prepared.
    package func queryOnce<Output: Sendable>(
        _ sql: String, _ parameters: [any PostgresEncodable],
        _ read: @Sendable (PostgresRows) throws(PostgresError) -> Output
    ) async throws(PostgresError) -> Output {
        try await cancellable { connection throws(PostgresError) in
            try read(connection.runUnprepared(sql, parameters))
        }
    }

    /// Runs any number of statements without parameters as a script, and returns the rows of the last one.
    @discardableResult
    package func execute(_ script: String) async throws(PostgresError) -> PostgresRows {
        try await cancellable { connection throws(PostgresError) in
            let handle = try connection.open()
            guard PQsendQuery(handle, script) == 1 else { throw connection.broken() }
            return try connection.lastResult()
        }
    }

    /// Runs `body` between BEGIN and COMMIT; any error rolls back.
    package func transaction<Output: Sendable>(
        _ begin: String = "BEGIN", _ body: @Sendable (PostgresConnection) async throws -> Output
    ) async throws -> Output {
        try await execute(begin)
        do {
            let output = try await body(self)
            try await execute("COMMIT")
            return output
        } catch {
            // If the connection is gone, the server rolls back by itself. The first error is the one to report.
            _ = try? rollback()
            throw error
        }
    }

    /// Rolls back. It cannot be cancelled, because a cancelled task must not leave a transaction open.
    private func rollback() throws(PostgresError) {
        defer { settle() }
        let handle = try open()
        guard PQsendQuery(handle, "ROLLBACK") == 1 else { throw broken() }
        _ = try lastResult()
    }

    private func rows(_ sql: String, _ parameters: [any PostgresEncodable]) throws(PostgresError) -> PostgresRows {
        if askedOnce.contains(sql) { return try runPrepared(sql, parameters) }
        let rows = try runUnprepared(sql, parameters)
        askedOnce.insert(sql)
        return rows
    }

    private func runUnprepared(
        _ sql: String, _ parameters: [any PostgresEncodable]
    ) throws(PostgresError) -> PostgresRows {
        let handle = try open()
        let types = parameters.map { type(of: $0).postgresType }
        let sent = PackedParameters(parameters).withPointers { values, lengths, formats in
            PQsendQueryParams(handle, sql, Int32(types.count), types, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw broken() }
        return try lastResult()
    }

    private func runPrepared(
        _ sql: String, _ parameters: [any PostgresEncodable]
    ) throws(PostgresError) -> PostgresRows {
        let name = try prepare(sql, parameters)
        let handle = try open()
        let packed = PackedParameters(parameters)
        let sent = packed.withPointers { values, lengths, formats in
            PQsendQueryPrepared(handle, name, Int32(parameters.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw broken() }
        return try lastResult()
    }

    private func prepare(_ sql: String, _ parameters: [any PostgresEncodable]) throws(PostgresError) -> String {
        if let name = prepared[sql] { return name }
        let handle = try open()
        let name = "s\(prepared.count)"
        let types = parameters.map { type(of: $0).postgresType }
        guard PQsendPrepare(handle, name, sql, Int32(types.count), types) == 1 else { throw broken() }
        _ = try lastResult()
        prepared[sql] = name
        return name
    }

    /// Cancels what the server is doing for this connection. Afterwards the connection can only be rolled back and
    /// closed, and the server has a short time for each answer.
    package func cancelStatement() {
        canceller?.request()
    }

    // MARK: Results

    /// Runs `body` on this connection's thread, and cancels its statement when the task is cancelled.
    func cancellable<Output: Sendable>(
        _ body: @Sendable (isolated PostgresConnection) throws(PostgresError) -> Output
    ) async throws(PostgresError) -> Output {
        if Task.isCancelled { throw PostgresError(.cancelled, "the task was cancelled") }
        let canceller = canceller
        // Only now is it certain whether the task was cancelled.
        defer { settle() }
        let outcome: Result<Output, PostgresError> = await withTaskCancellationHandler {
            do throws(PostgresError) {
                return .success(try body(self))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            canceller?.request()
        }
        return try outcome.get()
    }

    /// Reads until the server is ready for the next statement. The last result or the first error counts.
    func lastResult() throws(PostgresError) -> PostgresRows {
        var last: PostgresRows?
        var failure: PostgresError?
        while let result = try nextResult() {
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                last = PostgresRows(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                throw abandon(PostgresError(.server, "COPY is only possible through copyIn and copyOut"))
            default:
                failure = failure ?? Self.error(of: result)
                PQclear(result)
            }
        }
        if let failure { throw failure }
        guard let last else { throw broken() }
        return last
    }

    /// The next result, or `nil` when the statement is over.
    func nextResult() throws(PostgresError) -> OpaquePointer? {
        let handle = try open()
        try flush()
        let deadline = ContinuousClock.now + patience
        while PQisBusy(handle) == 1 {
            try awaitInput(deadline: deadline)
        }
        return PQgetResult(handle)
    }

    /// Waits for bytes from the server and reads them. A cancelled statement has only a short time to end.
    func awaitInput(deadline: ContinuousClock.Instant? = nil) throws(PostgresError) {
        let handle = try open()
        var deadline = deadline ?? .now + patience
        if canceller?.isRequested == true { deadline = min(deadline, .now + Self.grace) }
        try wait(Int16(POLLIN), deadline: deadline)
        guard PQconsumeInput(handle) == 1 else { throw broken() }
    }

    /// Hands everything that is queued to the network.
    func flush() throws(PostgresError) {
        let handle = try open()
        let deadline = ContinuousClock.now + patience
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // According to libpq: wait for write-ready, or read-ready and then consume input, before calling
                // PQflush again.
                try wait(Int16(POLLIN) | Int16(POLLOUT), deadline: deadline)
                guard PQconsumeInput(handle) == 1 else { throw broken() }
            default: throw broken()
            }
        }
    }

    /// Blocks this connection's thread until the socket is ready, `wake` is raised or the time is over.
    private func wait(_ events: Int16, deadline: ContinuousClock.Instant) throws(PostgresError) {
        guard try waitForSocket(events, until: deadline) else {
            // A caller whose task was cancelled learns that, and not that the database is away: some statements take
            // long to notice.
            guard canceller?.isRequested != true else {
                throw abandon(
                    PostgresError(.cancelled, "the task was cancelled, and the server did not confirm it in time"))
            }
            throw abandon(PostgresError(.timeout, "the server did not answer in time"))
        }
    }

    /// Waits for the socket; `false` when the time was over first.
    func waitForSocket(_ events: Int16, until deadline: ContinuousClock.Instant) throws(PostgresError) -> Bool {
        let handle = try open()
        var descriptors = [
            pollfd(fd: PQsocket(handle), events: events, revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let left = (deadline - ContinuousClock.now).milliseconds
            guard left > 0 else { return false }
            let ready = poll(&descriptors, 2, Int32(clamping: left))
            if ready == 0 { return false }
            if ready < 0 && errno == EINTR { continue }
            if descriptors[1].revents != 0 { wake.clear() }
            return true
        }
    }

    // MARK: State

    func open() throws(PostgresError) -> OpaquePointer {
        guard let owned else { throw PostgresError(.closed, "the connection is closed") }
        return owned.handle
    }

    /// The error of a connection that libpq gave up. The connection is closed.
    func broken() -> PostgresError {
        guard let owned else { return PostgresError(.closed, "the connection is closed") }
        return abandon(PostgresError(.connection, "the connection broke: \(owned.lastError)"))
    }

    /// Closes the connection, because what the server will send next is not known, and returns `error`.
    func abandon(_ error: PostgresError) -> PostgresError {
        close()
        return error
    }
}
