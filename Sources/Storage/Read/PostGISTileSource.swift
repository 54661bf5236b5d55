package import Metrics
import NIOCore
import Postgres
import Risk
import TileMath
package import Tiles

/// Makes tiles from the served view, and the points of their events from the events.
package struct PostGISTileSource: TileSource {
    /// Encoded layers, the version of the view at which they were read, and whether something was left out of them.
    private typealias Layers = (generation: Int64, bytes: [UInt8], isCut: Bool)

    private let pool: ReadPool
    private let sql: SQLFiles
    private let cut: ZoomCounters
    private let cells: Timer
    private let crowded: Timer
    private let days: Timer
    private let points: Timer

    package init(_ pool: ReadPool, sql: SQLFiles, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.pool = pool
        self.sql = sql
        cut = ZoomCounters("tiles_cut_total", factory: metrics)
        func timer(_ statement: SQLFiles.Name) -> Timer {
            Timer(label: "tile_query_seconds", dimensions: [("statement", statement.rawValue)], factory: metrics)
        }
        cells = timer(.tile)
        crowded = timer(.tileCrowded)
        days = timer(.tileDays)
        points = timer(.tileEvents)
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        var parts: [Layers] = []
        if key.layers.contains(.risk) { parts.append(try await risk(key)) }
        if key.layers.contains(.events) { parts.append(try await events(key)) }
        if parts.contains(where: \.isCut) { cut.increment(key) }
        // The layers of a tile are a repeated field, so encoded layers one after the other are a tile of them all.
        let plain = parts.count == 1 ? parts[0].bytes : parts.flatMap(\.bytes)
        return Tile(
            gzip: plain.isEmpty ? ByteBuffer() : Gzip.compress(plain), plainLength: plain.count,
            generation: parts.first?.generation ?? 0, tag: ContentTag.of(plain))
    }

    private func risk(_ key: TileKey) async throws -> Layers {
        let levels = key.levels.sorted().map(\.rawValue)
        let parameters: [any PostgresEncodable] = [
            key.dataset, Int32(key.resolution), key.day, PostgresArray(levels),
            Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
        ]
        let limit = Int64(key.cellLimit)
        if let lastDay = key.lastDay { return try await query(.tileDays, parameters + [limit, lastDay], days) }
        if key.mayBeCrowded { return try await query(.tileCrowded, parameters + [limit], crowded) }
        let row = try await pool.query(sql[.tile], parameters, timer: cells)[0]
        return (try row.get(0), try row.get(1), false)
    }

    private func events(_ key: TileKey) async throws -> Layers {
        try await query(
            .tileEvents,
            [
                key.dataset, key.day, key.lastDay ?? key.day,
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y), Int64(key.cellLimit),
            ], points)
    }

    private func query(
        _ name: SQLFiles.Name, _ parameters: [any PostgresEncodable], _ timer: Timer
    ) async throws -> Layers {
        let row = try await pool.query(sql[name], parameters, timer: timer)[0]
        return (try row.get(0), try row.get(1), try row.get(2))
    }
}
