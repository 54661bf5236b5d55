import Breaker
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Keeps at most one connection, which is made when it is first needed and again after it was lost.
///
/// `@unchecked Sendable`: mutable state is used on `loop` only, except `admission`, which has a lock.
final class ConnectionKeeper: @unchecked Sendable {
    private enum State {
        case idle
        case connecting
        case ready(Connection)
        case closed
    }

    let admission: Mutex<Admission>
    let loop: any EventLoop
    private let configuration: RedisConfiguration
    private let logger: Logger
    private var state = State.idle
    private var outage = Outage()
    /// The channel of the connection in use or being made. Of several attempts at once only one is used.
    private var channel: (any Channel)?
    /// Submissions that came while the connection was being made.
    private var waiting: [Submission] = []
    private var closers: [() -> Void] = []

    init(configuration: RedisConfiguration, loop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        admission = Mutex(Admission(configuration: configuration))
    }

    /// Sends a submission at once, or when there is a connection.
    func accept(_ submission: Submission) {
        switch state {
        case .ready(let connection): connection.send(submission)
        case .connecting: wait(submission)
        case .idle:
            wait(submission)
            connect()
        case .closed: submission.fail(RedisError(.closed, "the Redis client has been shut down"))
        }
    }

    /// Reports that commands have been answered or given up.
    func leave(commands: Int, bytes: Int, answered: Bool) {
        admission.withLock { $0.leave(commands: commands, bytes: bytes, answered: answered) }
        closeIfDrained()
    }

    /// Closes when all admitted commands have left, which their deadlines guarantee.
    func close(_ done: @escaping () -> Void) {
        closers.append(done)
        closeIfDrained()
    }

    private func closeIfDrained() {
        guard !closers.isEmpty, admission.withLock({ $0.isEmpty }) else { return }
        if case .ready(let connection) = state {
            connection.end(nil)
        }
        state = .closed
        for done in closers {
            done()
        }
        closers.removeAll()
    }

    private func wait(_ submission: Submission) {
        waiting.append(submission)
        loop.scheduleTask(deadline: submission.deadline) { [configuration] in
            guard submission.isWaiting else { return }
            let (address, limit) = (configuration.address, configuration.commandTimeout)
            submission.fail(RedisError(.timeout, "no connection to Redis at \(address) within \(limit)"))
        }
    }

    private func connect() {
        state = .connecting
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Connection(configuration: self.configuration) { self.connectionEnded($0, on: channel) })
                }
            }
            .connect(host: configuration.host, port: configuration.port)
            .whenComplete { result in
                self.connected(result)
            }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        do {
            let channel = try result.get()
            let connection = try channel.pipeline.syncOperations.handler(type: Connection.self)
            guard case .connecting = state else {
                connection.end(nil)
                return
            }
            self.channel = channel
            let handshake = Handshake(configuration: configuration)
            let submission = handshake.submission()
            submission.attach { answer in
                if let error = handshake.failure(in: answer) {
                    connection.end(error)
                } else {
                    self.ready(connection)
                }
            }
            connection.send(submission)
        } catch {
            failed(
                RedisError(
                    .connectionFailed, "no connection to Redis at \(configuration.address)", underlying: error))
        }
    }

    private func ready(_ connection: Connection) {
        logger.debug("connected to Redis", metadata: ["address": "\(configuration.address)"])
        outage.succeeded("Redis is back", logger)
        state = .ready(connection)
        let waiting = self.waiting
        self.waiting = []
        for submission in waiting {
            connection.send(submission)
        }
    }

    private func connectionEnded(_ error: RedisError?, on channel: any Channel) {
        guard channel === self.channel else { return }
        self.channel = nil
        if let error {
            failed(error)
        } else if case .ready = state {
            state = .idle
        }
    }

    private func failed(_ error: RedisError) {
        _ = outage.failed("Redis failed", error, logger, ["code": "\(error.code)"])
        admission.withLock { $0.failed(error, now: .now(), jitter: .random(in: 0...1)) }
        if case .closed = state { return }
        state = .idle
        let waiting = self.waiting
        self.waiting = []
        for submission in waiting {
            submission.fail(error)
        }
    }
}
