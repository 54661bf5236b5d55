import Domain
import NIOCore
import Redis

/// The right to make one tile, among all processes that share a Redis.
///
/// It saves work but guarantees nothing: it ends by itself after ``Limits/lease``, and a process that has waited longer
/// than ``Limits/patience`` makes the tile anyway. Both then make the same tile.
struct TileLock: Sendable {
    /// The result of a look at the tile and the lock.
    enum Finding {
        /// Another process has made the tile.
        case made(ByteBuffer)
        /// The lock was taken: make the tile, then call ``release()``.
        case ours
        /// Another process is making the tile.
        case theirs
        /// Redis gives no lock.
        case none
    }

    struct Limits {
        var lease = Duration.seconds(5)
        var patience = Duration.seconds(3)
    }

    private static let firstPause = Duration.milliseconds(5)
    private static let longestPause = Duration.milliseconds(100)
    /// Deletes the lock if this process still holds it. A script, because between a GET and a DEL it may change its
    /// owner.
    private static let releaseScript =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

    /// Deletes a value in the lock's place that is not a lock. Every lock ends by itself within its lease.
    private static let clearScript = """
        local left = redis.call('PTTL', KEYS[1])
        if left == -1 or left > tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end
        return 0
        """

    private let redis: RedisClient
    private let tile: String
    private let name: String
    /// A text that differs from that of every other holder.
    private let token: String
    private let limits: Limits

    /// - Parameter tile: The name under which the tile is stored.
    init(_ redis: RedisClient, tile: String, limits: Limits = Limits()) {
        self.limits = limits
        self.redis = redis
        self.tile = tile
        name = "\(tile):lock"
        token = String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// Waits until the tile has been made, the lock was taken, or the patience is over, which is `none`.
    func wait() async throws -> Finding {
        let deadline = ContinuousClock.now + limits.patience
        var pause = Self.firstPause
        var isLock = false
        while true {
            let finding = await look()
            guard case .theirs = finding else { return finding }
            if !isLock {
                isLock = true
                if await clear() { continue }
            }
            guard ContinuousClock.now + pause < deadline else { return .none }
            // Half of the pause is random, so that waiting processes do not all return at once.
            try await Task.sleep(for: pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Asks for the tile and the lock in one round trip. The tile may have come since it was last looked for.
    private func look() async -> Finding {
        let replies = await redis.pipeline([
            ["GET", .text(tile)],
            ["SET", .text(name), .text(token), "NX", "PX", .integer(lease)],
        ])
        let isOurs = replies.count == 2 && replies[1].isOK
        switch replies.first {
        case .success(.bulk(let bytes)):
            if isOurs { release() }
            return .made(bytes)
        case .success(.null):
            if isOurs { return .ours }
            // No lock and no error means that another process holds it.
            if case .success(.null) = replies[1] { return .theirs }
            return .none
        default:
            return .none
        }
    }

    /// Deletes a value that is not a lock.
    /// - Returns: Whether there was one.
    private func clear() async -> Bool {
        let reply = try? await redis.command(["EVAL", .text(Self.clearScript), "1", .text(name), .integer(lease)])
        return reply == .integer(1)
    }

    /// The lease in milliseconds.
    private var lease: Int { Int(limits.lease.inMilliseconds) }

    /// The command that releases the lock.
    var releaseCommand: RedisCommand { ["EVAL", .text(Self.releaseScript), "1", .text(name), .text(token)] }

    /// Releases the lock without waiting, even when this task has been cancelled.
    func release() {
        let command = releaseCommand
        Task { [redis] in _ = await redis.pipeline([command]) }
    }
}

extension Result<RedisValue, RedisError> {
    var isOK: Bool {
        if case .success(.status("OK")) = self { true } else { false }
    }
}
