import Redis
import Storage
import Tiles

/// The tiles that servers keep, as one of them has them forgotten.
struct ServedCaches: TileCaches {
    let redis: RedisClient?
    let database: any QueryRunner

    func forget(_ selection: TileSelection) async throws -> Int? {
        // Redis first: what a server forgets it may ask Redis for right away.
        let deleted = try await redis.map { RedisTilePurge($0) }?.delete(selection)
        try await CacheMessages.tell(selection, by: database)
        return deleted
    }
}
