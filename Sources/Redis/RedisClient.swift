package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// A client of one Redis server, shared by any number of tasks.
///
/// All commands are pipelined over one connection, which is made when it is first needed and again after a failure.
/// Every wait is bounded: each command has a deadline, the number and size of waiting commands is limited, and a server
/// that keeps failing is left alone for growing delays, during which commands fail at once. Nothing is repeated
/// automatically.
///
/// End it with ``close()``, because an open connection keeps itself alive.
package final class RedisClient: Sendable {
    private let configuration: RedisConfiguration
    private let keeper: ConnectionKeeper

    /// Creates a client. No connection is made yet.
    ///
    /// - Parameters:
    ///   - configuration: The server and the limits.
    ///   - group: The event loops of the connection, which must outlive the client; the shared ones of the process if
    ///     nil.
    ///   - logger: Logs failures.
    package init(
        configuration: RedisConfiguration, group: (any EventLoopGroup)? = nil,
        logger: Logger = Logger(label: "hextant.redis")
    ) {
        self.configuration = configuration
        let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
        keeper = ConnectionKeeper(configuration: configuration, loop: loop, logger: logger)
    }

    /// Creates a client from `redis://[[user]:password@]host[:port][/database]`.
    ///
    /// - Throws: ``RedisError`` `invalidURL` if the text does not have that form.
    package convenience init(url: String) throws(RedisError) {
        self.init(configuration: try RedisConfiguration(url: url))
    }

    /// Sends one command and waits for its reply.
    package func command(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        if let objection = command.objection { throw objection }
        return try await send(command)
    }

    /// Sends commands directly after each other, without those of others in between, and waits for all replies.
    ///
    /// - Returns: For each command its reply, or why it has none.
    package func pipeline(_ commands: [RedisCommand]) async -> [Result<RedisValue, RedisError>] {
        if let objection = commands.lazy.compactMap(\.objection).first {
            return Array(repeating: .failure(objection), count: commands.count)
        }
        return await submit(commands)
    }

    /// Whether the server fails and is left alone for a while.
    package var isLeftAlone: Bool { keeper.admission.withLock { $0.isLeftAlone(now: .now()) } }

    /// Closes the connection when the waiting commands have been answered or have timed out. Every later command fails
    /// as closed.
    package func close() async {
        keeper.admission.withLock { $0.close() }
        await withCheckedContinuation { continuation in
            keeper.loop.execute {
                self.keeper.close { continuation.resume() }
            }
        }
    }

    /// Sends a command that is known to be valid, like ``command(_:)``.
    func send(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        try await submit([command])[0].get()
    }

    /// Sends a command, like ``send(_:)``, without a waiting task.
    ///
    /// - Parameter done: Called with the reply, on a thread that it must not block.
    func send(_ command: RedisCommand, _ done: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void) {
        switch admit([command]) {
        case .failure(let refusal): done(.failure(refusal))
        case .success(let submission):
            keeper.loop.execute { [keeper] in
                submission.attach { done($0[0]) }
                keeper.accept(submission)
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
                keeper.loop.execute { [keeper] in
                    submission.attach { continuation.resume(returning: $0) }
                    keeper.accept(submission)
                }
            }
        } onCancel: {
            keeper.loop.execute { submission.giveUp() }
        }
    }

    /// Encodes commands for the keeper, if they are admitted.
    private func admit(_ commands: [RedisCommand]) -> Result<Submission, RedisError> {
        let count = commands.count
        var bytes = ByteBuffer()
        for command in commands {
            bytes.writeCommand(command)
        }
        let now = NIODeadline.now()
        let size = bytes.readableBytes
        let refusal = keeper.admission.withLock {
            $0.enter(commands: count, bytes: size, now: now, jitter: .random(in: 0...1))
        }
        if let refusal { return .failure(refusal) }
        return .success(
            Submission(bytes: bytes, expected: count, deadline: now + TimeAmount(configuration.commandTimeout)) {
                [keeper] answered in
                keeper.leave(commands: count, bytes: size, answered: answered)
            })
    }
}
