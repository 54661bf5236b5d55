import Domain
import H3
import NIOCore
import TestDatabase
import TestStorage
import Testing
import TileMath
import Tiles

@testable import Storage

/// Tiles with more cells than they may have, at the ends of the map, and under a magnifying glass.
@Suite(migratedDatabase(), .serialized)
struct CrowdedTileTests {
    private static func tile(
        _ dataset: Slug, _ address: TileAddress, resolution: Int, cellLimit: Int = TileKey.usualCellLimit
    ) async throws -> [VectorTile.Layer] {
        let key = TileKey(
            dataset: dataset, day: try #require(LocalDay("2021-06-01")), resolution: resolution, cellLimit: cellLimit,
            address: address)
        return try await withReaders { readers in
            let tile = try await PostGISTileSource(readers, sql: Checkout.sql()).tile(key)
            return tile.isEmpty ? [] : VectorTile(Array(buffer: try tile.plain())).layers
        }
    }

    private static func cells(_ layers: [VectorTile.Layer]) -> Set<String> {
        Set(
            layers.filter { $0.name == "risk" }.flatMap(\.features).compactMap { feature in
                guard case .string(let cell) = feature["h3_index"] else { return nil }
                return cell
            })
    }

    @Test(arguments: [100, 299, 300, 301])
    func ofMoreCellsThanItMayHaveATileHasThoseOfTheHighestRiskAndSaysSo(_ limit: Int) async throws {
        let dataset: Slug = "crowd-\(limit)"
        _ = try await Dataset.stored(dataset)
        let center = try H3Cell(latitude: 43.65, longitude: -79.38, resolution: 9)
        let rows = try center.gridDisk(12).prefix(300).enumerated().map { index, cell in
            RiskRow.sample(cell, "2021-06-01", score: Double(index * 7 % 300) / 3)
        }
        try await rows.serve(dataset)
        let address = try #require(TileAddress(longitude: -79.38, latitude: 43.65, z: 8))
        let layers = try await Self.tile(dataset, address, resolution: 9, cellLimit: limit)
        let highest = rows.sorted { $0.riskScore > $1.riskScore }.prefix(limit).map { "\($0.cell)" }
        #expect(Self.cells(layers) == Set(highest))
        let meta = layers.filter { $0.name == "meta" }.flatMap(\.features)
        if limit < 300 {
            #expect(
                meta == [
                    ["total": .integer(300), "shown": .integer(Int64(limit)), "reason": .string("too many cells")]
                ])
        } else {
            #expect(meta.isEmpty)
            #expect(layers.count == 1)
        }
    }

    /// A cell on the antimeridian is in the tiles of both its parts, and in none between them.
    @Test(arguments: [(7, 6), (9, 6), (12, 8), (3, 2), (2, 7)])
    func aCellOverTheAntimeridianIsOnBothSidesOnly(_ z: Int, _ resolution: Int) async throws {
        let dataset: Slug = "fiji-\(z)-\(resolution)"
        _ = try await Dataset.stored(dataset)
        let cell = try H3Cell(latitude: -17, longitude: 180, resolution: Resolution(resolution))
        let longitudes = cell.boundary.map(\.longitude)
        try #require(longitudes.contains { $0 > 0 })
        try #require(longitudes.contains { $0 < 0 })
        try await [RiskRow.sample(cell, "2021-06-01")].serve(dataset)
        let row = try #require(TileAddress(longitude: 0, latitude: -17, z: z)).y
        let last = 1 << z - 1
        for x in [0, last] {
            let layers = try await Self.tile(dataset, TileAddress(z: z, x: x, y: row), resolution: resolution)
            let isSmall = z == 2 && x == 0  // drawn as the unit at the centre of its western part
            #expect(Self.cells(layers) == (isSmall ? [] : ["\(cell)"]), "column \(x)")
        }
        for x in [1, last / 2, last - 1] where x != 0 && x != last && z > 3 {
            let layers = try await Self.tile(dataset, TileAddress(z: z, x: x, y: row), resolution: resolution)
            #expect(layers.isEmpty, "column \(x)")
        }
    }

    /// The cell around a pole is drawn up to the edge of the map, also in columns far from the cell's centre.
    @Test(arguments: [0, 1, 2, 5, 8])
    func theCellAroundAPoleReachesTheEdgeOfTheMap(_ z: Int) async throws {
        let dataset: Slug = "pole-\(z)"
        _ = try await Dataset.stored(dataset)
        let last = 1 << z - 1
        for (latitude, row) in [(90.0, 0), (-90.0, last)] {
            let cell = try H3Cell(latitude: latitude, longitude: 0, resolution: 0)
            try await [RiskRow.sample(cell, "2021-06-01")].serve(dataset)
            let middle = try #require(TileAddress(longitude: cell.center.longitude, latitude: latitude, z: z)).x
            for column in z <= 2 ? Array(0...last) : [middle] {
                let layers = try await Self.tile(dataset, TileAddress(z: z, x: column, y: row), resolution: 0)
                #expect(Self.cells(layers).contains("\(cell)"), "column \(column)")
                #expect(layers.flatMap(\.ordinates).joined().allSatisfy { abs($0.x) <= 8192 && abs($0.y) <= 8192 })
            }
        }
    }

    /// Wherever the tile lies inside a larger cell, the cell covers it and stays within the range that clients can
    /// read.
    @Test(arguments: [(14, 6), (18, 6), (22, 5), (22, 0), (22, 15), (16, 9)])
    func aCellLargerThanTheTileCoversIt(_ z: Int, _ resolution: Int) async throws {
        let dataset: Slug = "large-\(z)-\(resolution)"
        _ = try await Dataset.stored(dataset)
        let cell = try H3Cell(latitude: 60.2, longitude: 24.9, resolution: Resolution(resolution))
        try await [RiskRow.sample(cell, "2021-06-01")].serve(dataset)
        let center = cell.center
        let address = try #require(TileAddress(longitude: center.longitude, latitude: center.latitude, z: z))
        let layers = try await Self.tile(dataset, address, resolution: resolution)
        #expect(Self.cells(layers) == ["\(cell)"])
        let ordinates = try #require(layers.first?.ordinates.first)
        #expect(ordinates.allSatisfy { abs($0.x) <= 8192 && abs($0.y) <= 8192 })
    }
}
