import Domain
import Redis
import Storage
import Tiles

/// Makes all servers and Redis forget tiles.
struct ServedCaches: TileCaches {
    let redis: RedisClient?
    let database: any QueryRunner

    func forget(_ selection: TileSelection) async throws -> Int? {
        // Redis comes first, because a server may ask Redis for a forgotten tile at once.
        let deleted: Int?
        do {
            deleted = try await redis.map { RedisTilePurge($0) }?.delete(selection)
        } catch let error as RedisError where error.code != .cancelled {
            throw RedisAway(reason: error)
        }
        try await CacheMessages.tell(selection, by: database)
        return deleted
    }
}

/// Redis cannot answer now, but asking again later may succeed.
struct RedisAway: TemporarilyUnavailable, CustomStringConvertible {
    let reason: RedisError

    var retryAfter: Duration { .seconds(5) }

    var description: String { reason.description }
}
