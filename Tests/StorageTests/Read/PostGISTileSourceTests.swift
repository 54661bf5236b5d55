import Domain
import H3
import NIOCore
import TestDatabase
import TestDomain
import TestStorage
import Testing
import TileMath
import Tiles

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct PostGISTileSourceTests {
    private static let place = (longitude: -79.38, latitude: 43.65)

    private static func tile(
        _ dataset: Slug, z: Int, at place: (longitude: Double, latitude: Double) = place, day: String = "2021-06-01",
        resolution: Int = 7, levels: Set<RiskLevel> = [], cellLimit: Int = TileKey.usualCellLimit
    ) async throws -> Tile {
        let address = try #require(TileAddress(longitude: place.longitude, latitude: place.latitude, z: z))
        let key = TileKey(
            dataset: dataset, day: try #require(LocalDay(day)), resolution: resolution, levels: levels,
            cellLimit: cellLimit, address: address)
        return try await withReaders { try await PostGISTileSource($0, sql: Checkout.sql()).tile(key) }
    }

    private static func features(_ tile: Tile) throws -> [[String: VectorTile.Value]] {
        guard !tile.isEmpty else { return [] }
        let layers = VectorTile(Array(buffer: try tile.plain())).layers
        #expect(layers.map(\.name) == ["risk"])
        #expect(layers.map(\.extent) == [4096])
        return layers.flatMap(\.features)
    }

    private static func cells(_ tile: Tile) throws -> Set<String> {
        Set(
            try features(tile).compactMap { feature in
                guard case .string(let cell) = feature["h3_index"] else { return nil }
                return cell
            })
    }

    private static func row(
        _ resolution: Int = 7, day: String = "2021-06-01", longitude: Double = place.longitude,
        latitude: Double = place.latitude, score: Double = 10
    ) throws -> RiskRow {
        .sample(
            try H3Cell(latitude: latitude, longitude: longitude, resolution: Resolution(resolution)), day, count: 3,
            score: score)
    }

    @Test func aTileWithoutCellsIsEmptyAndHasItsGeneration() async throws {
        _ = try await Dataset.stored("empty")
        try await [RiskRow]().serve("empty")
        let generation: Int64 = try await value("SELECT generation FROM served_view")
        for dataset: Slug in ["empty", "unknown"] {
            let tile = try await Self.tile(dataset, z: 10)
            #expect(tile.isEmpty)
            #expect(tile.plainLength == 0)
            #expect(tile.gzip.readableBytes == 0)
            #expect(tile.generation == generation)
        }
    }

    @Test func aFeatureHasTheFiguresOfItsRow() async throws {
        _ = try await Dataset.stored("figures")
        let row = try Self.row(score: 62.5)
        try await [row].serve("figures")
        let tile = try await Self.tile("figures", z: 11)
        let features = try Self.features(tile)
        #expect(
            features == [
                [
                    "h3_index": .string("\(row.cell)"), "event_count": .integer(3), "rolling_7d_avg": .double(0.43),
                    "growth_rate": .double(0.5), "risk_score": .double(62.5), "risk_level": .string("high"),
                    "z_score": .double(0.25), "anomaly": .bool(false), "unusual": .bool(false),
                ]
            ])
        #expect(try tile.plain().readableBytes == tile.plainLength)
    }

    @Test func aTileHoldsItsDayResolutionDatasetAndPlaceOnly() async throws {
        _ = try await Dataset.stored("own")
        _ = try await Dataset.stored("neighbour")
        let row = try Self.row()
        try await [RiskRow.sample(row.cell, "2021-06-01")].store("neighbour")
        try await [
            row, Self.row(8), Self.row(day: "2021-06-02"), Self.row(longitude: -78.9), Self.row(latitude: 10),
        ].serve("own")
        #expect(try Self.cells(await Self.tile("own", z: 12)) == ["\(row.cell)"])
        #expect(try Self.features(await Self.tile("own", z: 12)).count == 1)
        #expect(try Self.features(await Self.tile("own", z: 0)).count == 3)
        #expect(try Self.features(await Self.tile("own", z: 0, resolution: 8)).count == 1)
        #expect(try Self.features(await Self.tile("own", z: 0, day: "2021-06-03")).isEmpty)
    }

    @Test func levelsAreChosen() async throws {
        _ = try await Dataset.stored("levels")
        let rows = try [5.0, 30, 60, 90].enumerated().map { index, score in
            try Self.row(longitude: -79.38 + Double(index) / 20, score: score)
        }
        try await rows.serve("levels")
        for (row, level) in zip(rows, RiskLevel.allCases) {
            #expect(try Self.cells(await Self.tile("levels", z: 4, levels: [level])) == ["\(row.cell)"])
        }
        #expect(try Self.cells(await Self.tile("levels", z: 4, levels: [.low, .critical])).count == 2)
        #expect(try Self.cells(await Self.tile("levels", z: 4)).count == 4)
    }

    @Test func theGenerationIsThatOfTheViewTheTileWasMadeFrom() async throws {
        _ = try await Dataset.stored("generations")
        try await [Self.row()].serve("generations")
        let first = try await Self.tile("generations", z: 8)
        try await [Self.row(longitude: -79.1)].serve("generations")
        let second = try await Self.tile("generations", z: 8)
        #expect(second.generation == first.generation + 1)
        #expect(second.tag != first.tag)
        #expect(try Self.features(second).count == 2)
    }

    /// At zoom 0 these cells are smaller than a unit of the tile's grid, and would vanish from it.
    @Test(arguments: [-79.38, 0.0, 180.0], [6, 7, 9, 12])
    func aCellTooSmallForTheGridIsStillDrawn(_ longitude: Double, _ resolution: Int) async throws {
        let dataset: Slug = "small-\(Int(longitude.rounded()) + 100)-\(resolution)"
        _ = try await Dataset.stored(dataset)
        let row = try Self.row(resolution, longitude: longitude, latitude: -17)
        try await [row].serve(dataset)
        let tile = try await Self.tile(dataset, z: 0, at: (longitude, -17), resolution: resolution)
        #expect(try Self.cells(tile) == ["\(row.cell)"])
    }
}
