import Domain
import Redis
import Server
import Storage
import Tiles

/// Makes all servers and Redis forget tiles and answers.
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

    func clear() async throws -> (tiles: Int, answers: Int)? {
        let answers: Int?
        do {
            answers = try await redis.map { RedisTilePurge($0) }?.deleteAll(withPrefix: AnswerCache.prefix)
        } catch let error as RedisError where error.code != .cancelled {
            throw RedisAway(reason: error)
        }
        // Servers that are told to forget all tiles forget all answers, too.
        let tiles = try await forget(TileSelection())
        return tiles.map { ($0, answers ?? 0) }
    }
}

/// Redis cannot answer now, but asking again later may succeed.
struct RedisAway: TemporarilyUnavailable, CustomStringConvertible {
    let reason: RedisError

    var retryAfter: Duration { .seconds(5) }

    var description: String { reason.description }
}
