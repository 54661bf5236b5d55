package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// A client of one Redis server, shared by any number of tasks.
///
/// All commands go over one connection, pipelined; it is made when first needed and made anew after a failure. Nothing
/// waits without a bound: each command has a deadline, the number and size of waiting commands is limited, and a server
/// that keeps failing is left alone for growing delays, in which commands fail at once. Nothing is repeated by itself.
///
/// End it with ``close()``: an open connection keeps itself alive.
package final class RedisClient: Sendable {
    private let configuration: RedisConfiguration
    private let session: Session

    /// Makes a client; no connection is made yet.
    ///
    /// - Parameters:
    ///   - configuration: The server and the limits.
    ///   - group: Where the connection lives, and which outlives the client; the process's shared one if nil.
    ///   - logger: Told of failures.
    package init(
        configuration: RedisConfiguration, group: (any EventLoopGroup)? = nil,
        logger: Logger = Logger(label: "hextant.redis")
    ) {
        self.configuration = configuration
        let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
        session = Session(configuration: configuration, loop: loop, logger: logger)
    }

    /// Makes a client out of `redis://[[user]:password@]host[:port][/database]`.
    ///
    /// - Throws: ``RedisError`` `invalidURL` if it is not of that form.
    package convenience init(url: String) throws(RedisError) {
        self.init(configuration: try RedisConfiguration(url: url))
    }

    /// Sends one command and waits for its reply.
    package func command(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        if let objection = command.objection { throw objection }
        return try await send(command)
    }

    /// Sends commands back to back, without others' in between, and waits for all their replies.
    ///
    /// - Returns: For each command its reply, or why it has none.
    package func pipeline(_ commands: [RedisCommand]) async -> [Result<RedisValue, RedisError>] {
        if let objection = commands.lazy.compactMap(\.objection).first {
            return Array(repeating: .failure(objection), count: commands.count)
        }
        return await submit(commands)
    }

    /// Whether the server fails and is left alone for a while.
    package var isLeftAlone: Bool { session.admission.withLock { $0.isLeftAlone(now: .now()) } }

    /// Closes the connection once the commands that wait have been answered or have timed out.
    ///
    /// Every
    /// command from now on fails as closed.
    package func close() async {
        session.admission.withLock { $0.close() }
        await withCheckedContinuation { continuation in
            session.loop.execute {
                self.session.close { continuation.resume() }
            }
        }
    }

    /// Like ``command(_:)``, for a command that is known to be sound.
    func send(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        try await submit([command])[0].get()
    }

    /// Like ``send(_:)``, without a task that waits.
    ///
    /// - Parameter done: Told the reply, on a thread that it must not hold up.
    func send(_ command: RedisCommand, _ done: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void) {
        switch admit([command]) {
        case .failure(let refusal): done(.failure(refusal))
        case .success(let submission):
            session.loop.execute { [session] in
                submission.attach { done($0[0]) }
                session.accept(submission)
            }
        }
    }

    private func submit(_ commands: [RedisCommand]) async -> Submission.Answer {
        guard !commands.isEmpty else { return [] }
        let submission: Submission
        switch admit(commands) {
        case .failure(let refusal): return Array(repeating: .failure(refusal), count: commands.count)
        case .success(let admitted): submission = admitted
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                session.loop.execute { [session] in
                    submission.attach { continuation.resume(returning: $0) }
                    session.accept(submission)
                }
            }
        } onCancel: {
            session.loop.execute { submission.giveUp() }
        }
    }

    /// Encodes commands for the session, if they may wait.
    private func admit(_ commands: [RedisCommand]) -> Result<Submission, RedisError> {
        let count = commands.count
        var bytes = ByteBuffer()
        for command in commands {
            bytes.writeCommand(command)
        }
        let now = NIODeadline.now()
        let size = bytes.readableBytes
        let refusal = session.admission.withLock {
            $0.enter(commands: count, bytes: size, now: now, jitter: .random(in: 0...1))
        }
        if let refusal { return .failure(refusal) }
        return .success(
            Submission(bytes: bytes, expected: count, deadline: now + TimeAmount(configuration.commandTimeout)) {
                [session] answered in
                session.leave(commands: count, bytes: size, answered: answered)
            })
    }
}
