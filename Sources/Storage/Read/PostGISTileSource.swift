import Domain
package import Metrics
import NIOCore
import Postgres
import TileMath
package import Tiles

/// Makes tiles: cells and outlooks from the served views, points from the events, and areas.
package struct PostGISTileSource: TileSource {
    private let pool: ReadPool
    private let sql: SQLFiles
    private let cut: ZoomCounters
    private let cells: Timer
    private let crowded: Timer
    private let days: Timer
    private let points: Timer
    private let outlook: Timer
    private let crowdedOutlook: Timer
    private let shapes: Timer
    private let areas: AreaTiles

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
        outlook = timer(.tileOutlook)
        crowdedOutlook = timer(.tileOutlookCrowded)
        shapes = timer(.areaTile)
        areas = AreaTiles(pool, sql: sql)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func tile(_ key: TileKey) async throws -> Tile {
        let (tile, isCut) = try await made(key)
        if isCut { cut.increment(key) }
        return tile
    }

    /// The tile, and whether something was left out of it.
    private func made(_ key: TileKey) async throws -> (Tile, isCut: Bool) {
        if key.areas?.figure != nil || key.outlook != nil, key.disclosure != .exact {
            throw StorageError(.right, "areas and outlooks are made of small counts, which are hidden")
        }
        if let shown = key.areas {
            let (parameters, isCut) = try await areas.parameters(of: key, shown)
            return (try await query(sql[.areaTile], parameters, shapes) { $0.tile }, isCut)
        }
        // A tile of a single layer is compressed where its bytes arrive, off the event loops.
        if let layer = key.outlook { return try await outlook(key, layer) { ($0.tile, $0.isCut) } }
        if key.layers == .risk { return try await risk(key) { ($0.tile, $0.isCut) } }
        if key.layers == .events { return try await events(key) { ($0.tile, $0.isCut) } }
        let risk = try await risk(key) { (generation: $0.generation, bytes: $0.bytes, isCut: $0.isCut) }
        let events = try await events(key) { (bytes: $0.bytes, isCut: $0.isCut) }
        // Layers are a repeated field of a tile, so encoded layers can be joined to a tile of all of them.
        let tile = Tile(plain: ByteBuffer(bytes: risk.bytes + events.bytes), generation: risk.generation)
        return (tile, risk.isCut || events.isCut)
    }

    private func risk<Made: Sendable>(
        _ key: TileKey, _ make: @Sendable (EncodedLayer) throws(PostgresError) -> Made
    ) async throws -> Made {
        let levels = key.levels.sorted().map(\.rawValue)
        let parameters: [any PostgresEncodable] =
            [
                key.dataset, Int32(key.resolution), key.day, PostgresArray(levels),
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
            ] + Self.near(key)
        let limit = Int64(key.cellLimit)
        if let lastDay = key.lastDay {
            return try await query(sql[.tileDays, key.disclosure], parameters + [limit, lastDay], days, make)
        }
        if key.mayBeCrowded {
            return try await query(sql[.tileCrowded, key.disclosure], parameters + [limit], crowded, make)
        }
        return try await query(sql[.tile, key.disclosure], parameters + Self.frame(key), cells, make)
    }

    private func outlook<Made: Sendable>(
        _ key: TileKey, _ layer: OutlookLayer, _ make: @Sendable (EncodedLayer) throws(PostgresError) -> Made
    ) async throws -> Made {
        let parameters: [any PostgresEncodable] =
            [
                key.dataset, Int32(key.resolution), key.day, layer.kind.text, Int32(layer.period.place),
                PostgresArray(layer.classes.map(\.rawValue).sorted()),
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y),
            ] + Self.near(key)
        guard key.mayBeCrowded else { return try await query(sql[.tileOutlook], parameters, outlook, make) }
        return try await query(sql[.tileOutlookCrowded], parameters + [Int64(key.cellLimit)], crowdedOutlook, make)
    }

    /// The first and the last numbers on the Z-order curve that cells near a tile have.
    private static func near(_ key: TileKey) -> [any PostgresEncodable] {
        let ranges = ZOrder.ranges(on: key.address, ofCellsAt: key.resolution, margin: drawnMargin)
        return [
            PostgresArray(ranges.map { Int64($0.lowerBound) }), PostgresArray(ranges.map { Int64($0.upperBound) }),
        ]
    }

    /// Width of the frame around a tile that the statements draw, too, as a part of its side.
    private static let drawnMargin = 64.0 / 4096
    /// Width of the frame within which clients read ordinates.
    private static let wideMargin = 4000.0 / 4096

    /// The boxes of a tile that cells are compared with, and what moves the plane into its grid. PostgreSQL would
    /// compute each by a plan of its own.
    private static func frame(_ key: TileKey) -> [any PostgresEncodable] {
        let box = key.address.mercatorBounds
        let side = box.maxX - box.minX
        func around(_ margin: Double) -> MercatorBox {
            MercatorBox(
                minX: box.minX - margin * side, minY: box.minY - margin * side, maxX: box.maxX + margin * side,
                maxY: box.maxY + margin * side)
        }
        let tiles = Double(1 << key.address.z)
        return [
            GeometryParameter(around(drawnMargin)), GeometryParameter(around(wideMargin)),
            4096 * tiles / (2 * WebMercator.extent), 2048 * tiles - 4096 * Double(key.address.x),
            2048 * tiles - 4096 * Double(key.address.y),
        ]
    }

    private func events<Made: Sendable>(
        _ key: TileKey, _ make: @Sendable (EncodedLayer) throws(PostgresError) -> Made
    ) async throws -> Made {
        // The route makes no such key, and a single event is a small count.
        guard key.disclosure == .exact else { throw StorageError(.right, "events are small counts, which are hidden") }
        return try await query(
            sql[.tileEvents],
            [
                key.dataset, key.day, key.lastDay ?? key.day,
                Int32(key.address.z), Int32(key.address.x), Int32(key.address.y), Int64(key.cellLimit),
            ], points, make)
    }

    private func query<Made: Sendable>(
        _ statement: String, _ parameters: [any PostgresEncodable], _ timer: Timer,
        _ make: @Sendable (EncodedLayer) throws(PostgresError) -> Made
    ) async throws -> Made {
        try await pool.query(statement, parameters, timer: timer) { rows throws(PostgresError) in
            try make(EncodedLayer(rows[0]))
        }
    }
}
