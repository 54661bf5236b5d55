package import Metrics
import NIOCore
import Postgres
import Risk
import TileMath
package import Tiles

/// Makes tiles from the served view.
package struct PostGISTileSource: TileSource {
    private let pool: ReadPool
    private let sql: SQLFiles
    private let cut: Counter

    package init(_ pool: ReadPool, sql: SQLFiles, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.pool = pool
        self.sql = sql
        cut = Counter(label: "tiles_cut_total", factory: metrics)
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        let levels = key.levels.sorted().map(\.rawValue)
        let cells: [any PostgresEncodable] = [
            key.dataset, Int32(key.resolution), key.day, PostgresArray(levels),
            Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
        ]
        let isCrowded = key.mayBeCrowded
        let row =
            isCrowded
            ? try await pool.query(sql[.tileCrowded], cells + [Int64(key.cellLimit)])[0]
            : try await pool.query(sql[.tile], cells)[0]
        if isCrowded, try row.get(2) == true { cut.increment() }
        let plain = try row.get(1, as: [UInt8].self)
        return Tile(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count,
            generation: try row.get(0), tag: ContentTag.of(plain))
    }
}
