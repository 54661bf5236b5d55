import Logging
import NIOCore
import Redis
import Server

/// Answers in Redis. While it fails, answers are made again.
struct RedisAnswerStore: SharedAnswerStore {
    let redis: RedisClient
    let logger: Logger

    func get(_ name: String) async -> ByteBuffer? {
        do {
            return try await redis.get(name)
        } catch {
            logger.debug("an answer cannot be read from Redis", metadata: ["error": "\(error)"])
            return nil
        }
    }

    func put(_ name: String, _ bytes: ByteBuffer, for timeToLive: Duration) async {
        do {
            try await redis.set(name, bytes, ttl: timeToLive)
        } catch {
            logger.debug("an answer cannot be kept in Redis", metadata: ["error": "\(error)"])
        }
    }
}
