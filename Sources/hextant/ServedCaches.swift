import Redis
import Risk
import Storage
import Tiles

/// The tiles that servers keep, as one of them has them forgotten.
struct ServedCaches: TileCaches {
    let redis: RedisClient?
    let database: any QueryRunner

    func forget(_ selection: TileSelection) async throws -> Int? {
        // Redis first: what a server forgets it may ask Redis for right away.
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

/// Redis cannot do it now; asking again later makes sense.
struct RedisAway: TemporarilyUnavailable, CustomStringConvertible {
    let reason: RedisError

    var retryAfter: Duration { .seconds(5) }

    var description: String { reason.description }
}
