import Caching
import NIOCore
package import Redis

/// Keeps answers in Redis, for all processes.
package struct RedisAnswers: SharedAnswers {
    /// The largest answer that is kept, in bytes. A larger one would hold up the one connection to Redis.
    static let mostBytes = 4 << 20

    private let redis: RedisClient

    package init(_ redis: RedisClient) {
        self.redis = redis
    }

    package func answer(_ key: String) async -> StoredAnswer? {
        guard case .bulk(let bytes)? = try? await redis.command(["GET", .text(Self.name(key))]) else { return nil }
        return StoredAnswer(encoded: bytes, key: key)
    }

    package func keep(_ answer: StoredAnswer, _ key: String, for time: Duration) async {
        let bytes = answer.encoded(key: key)
        guard bytes.readableBytes <= Self.mostBytes else { return }
        _ = try? await redis.command([
            "SET", .text(Self.name(key)), .bytes(bytes), "EX", .integer(max(1, Int64(time / .seconds(1)))),
        ])
    }

    private static func name(_ key: String) -> String { "hextant:feed:\(ContentTag.of(Array(key.utf8)))" }
}
