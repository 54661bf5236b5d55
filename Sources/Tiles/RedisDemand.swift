package import Domain
import NIOCore
package import Redis

/// Counts how often clients of all servers that share a Redis requested tiles in the last hour.
///
/// There is a sorted set for each slot of the hour, which expires by itself. It contains only tile addresses, not who
/// requested them, and no tiles with single events.
package struct RedisDemand: Sendable {
    /// The version of the texts. It grows whenever the same text comes to mean another request.
    private static let format = 1
    /// The time to live in seconds, longer than anybody reads a slot.
    private static let timeToLive = 7200

    private let redis: RedisClient

    package init(_ redis: RedisClient) {
        self.redis = redis
    }

    private static func name(_ slot: Int64) -> String { "hextant:asked:\(format):\(slot)" }

    /// Adds the counts of a server.
    package func add(_ counts: [TileRequest: Int], at now: Instant) async throws(RedisError) {
        guard !counts.isEmpty else { return }
        let name = Self.name(DemandHistory.slot(at: now))
        let increments = counts.map { request, count -> RedisCommand in
            ["ZINCRBY", .text(name), .integer(count), .text(request.text)]
        }
        let bounds: [RedisCommand] = [
            ["ZREMRANGEBYRANK", .text(name), "0", .integer(-DemandHistory.room - 1)],
            ["EXPIRE", .text(name), .integer(Self.timeToLive)],
        ]
        var replies = await redis.pipeline(increments + bounds)
        if replies.contains(where: Self.isWrongType) {
            try await redis.del([name])
            replies = await redis.pipeline(increments + bounds)
        }
        for reply in replies { _ = try reply.get() }
    }

    private static func isWrongType(_ reply: Result<RedisValue, RedisError>) -> Bool {
        if case .failure(let error) = reply { error.isWrongType } else { false }
    }

    /// The tiles that were requested most, the most frequent first.
    package func mostAsked(_ limit: Int, at now: Instant) async throws(RedisError) -> [TileRequest] {
        let replies = await redis.pipeline(
            DemandHistory.slots(at: now).map { ["ZREVRANGE", .text(Self.name($0)), "0", "-1", "WITHSCORES"] })
        var slots: [[TileRequest: Int]] = []
        for reply in replies where !Self.isWrongType(reply) { slots.append(Self.counts(try reply.get())) }
        return DemandHistory.mostAsked(limit, of: slots)
    }

    /// Parses members and scores in turn, as ZREVRANGE returns them. Members that are not requests are left out.
    private static func counts(_ reply: RedisValue) -> [TileRequest: Int] {
        guard case .array(let values) = reply else { return [:] }
        var counts: [TileRequest: Int] = [:]
        for index in stride(from: 0, to: values.count - 1, by: 2) {
            guard case .bulk(let member) = values[index], case .bulk(let score) = values[index + 1],
                let request = TileRequest(text: String(buffer: member)), let count = Double(String(buffer: score))
            else { continue }
            counts[request, default: 0] += Int(exactly: count.rounded()) ?? 0
        }
        return counts
    }
}
