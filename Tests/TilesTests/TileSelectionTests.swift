import Domain
import Foundation
import NIOCore
import Redis
import TestDomain
import Testing
import TileMath

@testable import Tiles

@Suite struct TileSelectionTests {
    private let toronto = BoundingBox(west: -79.64, south: 43.58, east: -79.12, north: 43.86)!

    // Tiles from PyPI mercantile: tile(-79.4, 43.7, 10) is 10/286/373, tile(0, 0, 10) is 10/512/512.
    @Test func aBoxHoldsTheTilesThatTouchIt() throws {
        let selection = TileSelection(dataset: "a", box: toronto, zooms: 8...12)
        #expect(selection.covers(dataset: "a", try TileAddress(z: 10, x: 286, y: 373)))
        #expect(!selection.covers(dataset: "a", try TileAddress(z: 10, x: 512, y: 512)))
        #expect(!selection.covers(dataset: "b", try TileAddress(z: 10, x: 286, y: 373)))
        #expect(!selection.covers(dataset: "a", try TileAddress(z: 0, x: 0, y: 0)))
        #expect(TileSelection().covers(dataset: "b", try TileAddress(z: 0, x: 0, y: 0)))
    }

    @Test func aBoxOverTheAntimeridianIsOneOfTwoParts() throws {
        let box = try #require(BoundingBox(west: 170, south: -20, east: -170, north: 20))
        let selection = TileSelection(box: box)
        #expect(selection.covers(dataset: "a", try TileAddress(z: 4, x: 0, y: 8)))
        #expect(selection.covers(dataset: "a", try TileAddress(z: 4, x: 15, y: 8)))
        #expect(!selection.covers(dataset: "a", try TileAddress(z: 4, x: 8, y: 8)))
    }

    @Test func whatServersTellEachOtherReadsBack() throws {
        for selection in [
            TileSelection(), TileSelection(dataset: "a-b_c"), TileSelection(zooms: 0...22), TileSelection(box: toronto),
            TileSelection(dataset: "a", box: toronto, zooms: 3...3),
        ] {
            #expect(TileSelection(message: selection.message) == selection)
        }
    }

    @Test(arguments: ["", "a", ";;;", ";3;", ";3-2;", ";;1,2,3", ";;1,9,2,3", "a;x-y;"])
    func whatNobodyTellsIsNotUnderstood(message: String) {
        #expect(TileSelection(message: message) == nil)
    }

    @Test func memoryForgetsTheSelectionAndNothingElse() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .seconds(60))
        let tile = Tile(plain: ByteBuffer(string: "a tile"), generation: 1)
        let keys = try [(10, 286, 373), (10, 512, 512)].map { place in
            TileKey(
                dataset: "a", day: LocalDay("2021-01-01")!, resolution: 7,
                address: try TileAddress(z: place.0, x: place.1, y: place.2))
        }
        for key in keys { cache.keep(tile, key) }
        #expect(cache.forget(TileSelection(dataset: "a", box: toronto)) == 1)
        #expect(cache.tile(keys[0], generation: 1) == nil)
        #expect(cache.lastGood(keys[0]) == nil)
        #expect(cache.tile(keys[1], generation: 1) != nil)
        // The space is free again, and the rest can still be evicted.
        #expect(cache.load.tiles == 1)
        #expect(cache.forget(TileSelection()) == 1)
        #expect(cache.load.bytes == 0)
    }

    @Test func redisForgetsTheSelectionAndNothingElse() async throws {
        let url = try #require(
            ProcessInfo.processInfo.environment["HEXTANT_REDIS_URL"], "HEXTANT_REDIS_URL must name a Redis server")
        var configuration = try RedisConfiguration(url: url)
        configuration.connectTimeout = .seconds(20)
        configuration.commandTimeout = .seconds(20)
        let redis = RedisClient(configuration: configuration)
        let dataset: Slug = "t\(UUID().uuidString.lowercased())"
        let doomed = try (0..<30).map { x in
            TileKey(
                dataset: dataset, day: LocalDay("2021-01-01")!, resolution: 7,
                address: try TileAddress(z: 10, x: 280 + x % 10, y: 370 + x / 10)
            ).text(generation: 4)
        }
        let others = [
            TileKey(
                dataset: "\(dataset)x", day: LocalDay("2021-01-01")!, resolution: 7,
                address: try TileAddress(z: 10, x: 286, y: 373)
            ).text(generation: 4), "hextant:rate:\(dataset)", "\(doomed[0]):lock",
        ]
        for name in doomed + others { try await redis.set(name, ByteBuffer(string: "x"), ttl: .seconds(60)) }
        #expect(try await RedisTilePurge(redis).delete(TileSelection(dataset: dataset, zooms: 10...10)) == 30)
        #expect(try await redis.mget(doomed).allSatisfy { $0 == nil })
        #expect(try await redis.mget(others).allSatisfy { $0 != nil })
        try await redis.del(others)
        await redis.close()
    }
}
