import NIOCore
import Redis

/// The right to make one tile, of all processes that share a Redis.
///
/// It is a courtesy, not a guarantee: it ends by itself after ``Limits/lease``, and whoever waits for it longer than
/// ``Limits/patience`` makes the tile all the same. A tile made twice is the same tile.
struct TileLock: Sendable {
    /// What a look at the tile and the lock told.
    enum Finding {
        /// Somebody has made the tile.
        case made(ByteBuffer)
        /// The right is ours: make the tile, then ``release()``.
        case ours
        /// Somebody is making it.
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
    /// Deletes the lock if it is still ours; by itself, since between a look and a DEL it may become another's.
    private static let releaseScript =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

    /// Deletes what stands in the lock's place and is none: every lock ends by itself within its lease.
    private static let clearScript = """
        local left = redis.call('PTTL', KEYS[1])
        if left == -1 or left > tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end
        return 0
        """

    private let redis: RedisClient
    private let tile: String
    private let name: String
    /// Told from every other holder's.
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

    /// Waits until the tile has been made, the right is ours, or the patience is over, which is `none`.
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
            // Half of it by chance, so that those who wait do not come all at once.
            try await Task.sleep(for: pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// The tile and the lock in one turn: the tile may have come since it was last looked for.
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
            // No lock and no error: somebody holds it.
            if case .success(.null) = replies[1] { return .theirs }
            return .none
        default:
            return .none
        }
    }

    /// Takes away what is no lock.
    /// - Returns: Whether it was none.
    private func clear() async -> Bool {
        let reply = try? await redis.command(["EVAL", .text(Self.clearScript), "1", .text(name), .integer(lease)])
        return reply == .integer(1)
    }

    /// In milliseconds.
    private var lease: Int { Int(limits.lease / .milliseconds(1)) }

    /// What gives the lock back.
    var releaseCommand: RedisCommand { ["EVAL", .text(Self.releaseScript), "1", .text(name), .text(token)] }

    /// Gives the lock back without waiting, also when this task has been cancelled.
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
