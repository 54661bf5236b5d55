import Breaker
import NIOCore

/// Decides, before anything is sent, whether a caller may wait. It is a value guarded by its owner's lock.
struct Admission {
    private let configuration: RedisConfiguration
    private var breaker: CircuitBreaker
    private var commands = 0
    private var bytes = 0
    private var isClosed = false
    private var lastFailure: RedisError?

    init(configuration: RedisConfiguration) {
        self.configuration = configuration
        breaker = CircuitBreaker(policy: configuration.breaker)
    }

    /// Whether the server fails and is left alone.
    func isLeftAlone(now: NIODeadline) -> Bool { breaker.isOpen(now: now) }

    /// Whether nobody waits.
    var isEmpty: Bool { commands == 0 }

    /// Admits commands, which ``leave(commands:bytes:answered:)`` must later release.
    ///
    /// - Returns: nil if they are admitted, otherwise why not.
    mutating func enter(commands: Int, bytes: Int, now: NIODeadline, jitter: Double) -> RedisError? {
        if isClosed {
            return RedisError(.closed, "the Redis client has been shut down")
        }
        // The first commands are admitted whatever their size.
        guard
            self.commands == 0
                || self.commands + commands <= configuration.maximumCommands
                    && self.bytes + bytes <= configuration.maximumBytes
        else {
            return RedisError(
                .overloaded, "\(self.commands) commands (\(self.bytes) bytes) wait for Redis already")
        }
        if let until = breaker.refusal(now: now, jitter: jitter) {
            let wait = (until - now).nanoseconds / 1_000_000
            return RedisError(
                .circuitOpen, "Redis at \(configuration.address) fails and is not asked for another \(wait) ms",
                underlying: lastFailure)
        }
        self.commands += commands
        self.bytes += bytes
        return nil
    }

    /// Reports that commands have been answered or given up.
    mutating func leave(commands: Int, bytes: Int, answered: Bool) {
        self.commands -= commands
        self.bytes -= bytes
        if answered {
            breaker.succeeded()
        }
    }

    /// Reports that a connection could not be made or broke.
    mutating func failed(_ error: RedisError, now: NIODeadline, jitter: Double) {
        lastFailure = error
        breaker.failed(now: now, jitter: jitter)
    }

    /// Admits nobody any more.
    mutating func close() {
        isClosed = true
    }
}
