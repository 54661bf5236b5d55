import Domain
import TestDomain
import Testing
import TileMath
import Tiles

@Suite struct TileWarmerTests {
    private static func warmer(_ store: MemoryStore) -> TileWarmer {
        TileWarmer(store, tiles: store, resolutions: .usual, cellLimit: 5000)
    }

    @Test func theTilesAreThoseThatTheRouteMakes() async throws {
        let warmed = MemoryStore()
        let done = try await Self.warmer(warmed).warm(dataset: "toronto", zooms: 10...11, width: 3)
        let asked = MemoryStore()
        let keys = Set(warmed.now.tileKeys)
        try await withServer(asked) { client in
            for key in keys { _ = try await client.get("/v1/tiles/\(key.address).mvt?dataset=toronto") }
        }
        #expect(Set(asked.now.tileKeys) == keys)
        #expect(done.tiles == keys.count)
        #expect(done.tiles == warmed.now.tileKeys.count)
    }

    @Test func theBoxChoosesTheTiles() async throws {
        let store = MemoryStore()
        // A place in the middle of a tile: one tile per zoom.
        let box = try #require(BoundingBox(west: -79.381, south: 43.651, east: -79.38, north: 43.652))
        let day = try #require(LocalDay("2020-02-29"))
        _ = try await Self.warmer(store).warm(dataset: "toronto", day: day, zooms: 0...8, box: box, width: 1)
        #expect(store.now.tileKeys.map(\.address.z) == Array(0...8))
        #expect(store.now.tileKeys.allSatisfy { $0.day == day && $0.lastDay == nil })
        for address in store.now.tileKeys.map(\.address) {
            #expect(address == TileAddress(longitude: -79.3805, latitude: 43.6515, z: address.z))
        }
    }

    @Test func requestsAreUnderstoodAsTheyWouldBeNow() async throws {
        let store = MemoryStore()
        let (usual, other) = (try TileAddress(z: 10, x: 286, y: 373), try TileAddress(z: 11, x: 572, y: 746))
        let last = LocalDay("2021-12-31")
        let requests = [
            TileRequest(dataset: "toronto", address: usual),
            TileRequest(dataset: "toronto", day: last, address: usual),  // the same tile
            TileRequest(dataset: "toronto", day: LocalDay("2020-01-01"), lastDay: last, address: usual),
            TileRequest(dataset: "toronto", resolution: 9, levels: [.high], address: other),
            TileRequest(dataset: "toronto", resolution: 12, address: usual),  // not scored
            TileRequest(dataset: "toronto", day: LocalDay("1999-01-01"), address: usual),
            TileRequest(dataset: "gone", address: usual),
        ]
        let done = try await Self.warmer(store).warm(requests, width: 1)
        let asked = MemoryStore()
        try await withServer(asked) { client in
            _ = try await client.get("/v1/tiles/10/286/373.mvt")
            _ = try await client.get("/v1/tiles/11/572/746.mvt?resolution=9&level=high")
        }
        #expect(done.tiles == 3)
        #expect(store.now.tileKeys.filter { $0.lastDay == nil } == asked.now.tileKeys)
        #expect(store.now.tileKeys.map(\.lastDay) == [nil, last, nil])
    }

    @Test func itEndsWhenItIsNotWantedAnyMore() async throws {
        let store = MemoryStore()
        let requests = try (0..<20).map { TileRequest(dataset: "toronto", address: try TileAddress(z: 8, x: $0, y: 1)) }
        let done = try await Self.warmer(store).warm(requests, width: 2) { done in done < 5 }
        #expect(done.tiles == store.now.tileKeys.count)
        #expect((5...7).contains(done.tiles))
    }

    @Test func whatCannotBeWarmedIsSaid() async throws {
        let warmer = Self.warmer(MemoryStore())
        await #expect(throws: TileWarmer.Fault.self) {
            try await warmer.warm(dataset: "nowhere", zooms: 0...1, width: 1)
        }
        let early = LocalDay("1999-01-01")
        await #expect(throws: TileWarmer.Fault.self) {
            try await warmer.warm(dataset: "toronto", day: early, zooms: 0...1, width: 1)
        }
        let world = BoundingBox(west: -180, south: -85, east: 180, north: 85)
        await #expect(throws: TileWarmer.Fault.self) {
            try await warmer.warm(dataset: "toronto", zooms: 22...22, box: world, width: 1)
        }
        let unscored = MemoryStore { $0.datasets = [.changed { $0.days = nil }] }
        await #expect(throws: TileWarmer.Fault.self) {
            try await Self.warmer(unscored).warm(dataset: "toronto", zooms: 0...1, width: 1)
        }
    }
}
