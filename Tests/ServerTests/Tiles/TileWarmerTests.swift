import Risk
import Testing
import TileMath
import Tiles

@testable import Server

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
        // A place in the middle of a tile: one tile a zoom.
        let box = try #require(BoundingBox(west: -79.381, south: 43.651, east: -79.38, north: 43.652))
        let day = try #require(LocalDay("2020-02-29"))
        _ = try await Self.warmer(store).warm(dataset: "toronto", day: day, zooms: 0...8, box: box, width: 1)
        #expect(store.now.tileKeys.map(\.address.z) == Array(0...8))
        #expect(store.now.tileKeys.allSatisfy { $0.day == day && $0.lastDay == nil })
        #expect(
            store.now.tileKeys.allSatisfy {
                $0.address == TileAddress(longitude: -79.3805, latitude: 43.6515, z: $0.address.z)
            })
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
