import NIOCore
import Postgres
import Risk
import TileMath
package import Tiles

/// Makes tiles from the served view.
package struct PostGISTileSource: TileSource {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        let levels = key.levels.sorted().map(\.rawValue)
        let row = try await pool.query(
            sql[.tile],
            [
                key.dataset, Int32(key.resolution), key.day, PostgresArray(levels),
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
            ])[0]
        let plain = try row.get(1, as: [UInt8].self)
        return Tile(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count,
            generation: try row.get(0), tag: ContentTag.of(plain))
    }
}
