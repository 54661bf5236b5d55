import Domain
import TestDomain
import Testing
import TileMath
import Tiles

@testable import Server

/// Which requests for tiles are counted.
@Suite struct TileDemandTests {
    private static func counted(
        by paths: [String], datasets: [DatasetStatus] = [.toronto], inMemory: Bool
    ) async throws -> [TileRequest: Int] {
        let store = MemoryStore { $0.datasets = datasets }
        var sources = inMemory ? store.cachedSources : store.sources
        let demand = TileDemand()
        sources.demand = demand
        try await withServer(sources: sources) { client in
            for path in paths { _ = try await client.get(path, ["Accept-Encoding": "gzip"]) }
        }
        return demand.take()
    }

    /// With the tile in memory, the second request is answered before the router.
    @Test(arguments: [true, false])
    func aTileIsCountedAsOftenAsItIsAskedFor(_ inMemory: Bool) async throws {
        let tile = "/v1/tiles/10/286/373.mvt"
        let counts = try await Self.counted(
            by: [tile, tile, tile, "\(tile)?date=2021-12-31&level=high", "/tiles/10/286/373.mvt"], inMemory: inMemory)
        let address = try TileAddress(z: 10, x: 286, y: 373)
        #expect(
            counts == [
                TileRequest(dataset: "toronto", address: address): 4,
                TileRequest(dataset: "toronto", day: LocalDay("2021-12-31"), levels: [.high], address: address): 1,
            ])
    }

    @Test func whatIsRefusedIsNotCounted() async throws {
        let hidden = DatasetStatus.changed {
            $0.dataset.slug = "hidden"
            $0.dataset.visibility = .private
        }
        let counts = try await Self.counted(
            by: [
                "/v1/tiles/10/286/373.mvt?dataset=hidden", "/v1/tiles/10/286/9999.mvt",
                "/v1/tiles/14/4580/5980.mvt?layers=risk,events", "/v1/tiles/10/286/373.mvt?date=1999-01-01",
            ], datasets: [.toronto, hidden], inMemory: true)
        #expect(counts.isEmpty)
    }
}
