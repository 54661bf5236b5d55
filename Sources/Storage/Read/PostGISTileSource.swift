package import Metrics
import NIOCore
import Postgres
import Risk
import TileMath
package import Tiles

/// Makes tiles from the served view, and the points of their events from the events.
package struct PostGISTileSource: TileSource {
    /// Encoded layers and the version of the view at which they were read.
    private typealias Layers = (generation: Int64, bytes: [UInt8])

    private let pool: ReadPool
    private let sql: SQLFiles
    private let cut: Counter

    package init(_ pool: ReadPool, sql: SQLFiles, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.pool = pool
        self.sql = sql
        cut = Counter(label: "tiles_cut_total", factory: metrics)
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        var parts: [Layers] = []
        if key.layers.contains(.risk) { parts.append(try await risk(key)) }
        if key.layers.contains(.events) { parts.append(try await events(key)) }
        // The layers of a tile are a repeated field, so encoded layers one after the other are a tile of them all.
        let plain = parts.count == 1 ? parts[0].bytes : parts.flatMap(\.bytes)
        return Tile(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count,
            generation: parts.first?.generation ?? 0, tag: ContentTag.of(plain))
    }

    private func risk(_ key: TileKey) async throws -> Layers {
        let levels = key.levels.sorted().map(\.rawValue)
        let cells: [any PostgresEncodable] = [
            key.dataset, Int32(key.resolution), key.day, PostgresArray(levels),
            Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
        ]
        let limit = Int64(key.cellLimit)
        let rows: PostgresRows
        if let lastDay = key.lastDay {
            rows = try await pool.query(sql[.tileDays], cells + [limit, lastDay])
        } else if key.mayBeCrowded {
            rows = try await pool.query(sql[.tileCrowded], cells + [limit])
        } else {
            let row = try await pool.query(sql[.tile], cells)[0]
            return (try row.get(0), try row.get(1))
        }
        if try rows[0].get(2) == true { cut.increment() }
        return (try rows[0].get(0), try rows[0].get(1))
    }

    private func events(_ key: TileKey) async throws -> Layers {
        let row = try await pool.query(
            sql[.tileEvents],
            [
                key.dataset, key.day, key.lastDay ?? key.day,
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y), Int64(key.cellLimit),
            ])[0]
        return (try row.get(0), try row.get(1))
    }
}
