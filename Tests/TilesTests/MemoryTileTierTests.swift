import Domain
import NIOCore
import Synchronization
import Telemetry
import Testing

@testable import Tiles

@Suite struct MemoryTileTierTests {
    /// A source that fails on demand.
    private final class FallibleSource: TileSource {
        let source = CountingTileSource(generation: 3)
        let failure = Mutex<(any Error)?>(nil)

        func tile(_ key: TileKey) async throws -> Tile {
            let tile = try await source.tile(key)
            if let failure = failure.withLock({ $0 }) { throw failure }
            return tile
        }
    }

    private struct Away: TemporarilyUnavailable {
        var retryAfter: Duration { .seconds(1) }
    }

    private struct Broken: Error {}

    private let source = FallibleSource()
    private let generation = CurrentGeneration()
    private let registry = PrometheusRegistry()

    private func tier(timeToLive: Duration = .seconds(600)) -> MemoryTileTier {
        MemoryTileTier(
            TileCache(byteLimit: 1 << 20, timeToLive: timeToLive), above: source, generation: generation,
            metrics: registry)
    }

    private func count(_ series: String) -> String? {
        registry.text().split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .map { String($0.dropFirst(series.count + 1)) }
    }

    @Test func aTileIsMadeOnce() async throws {
        let tier = tier()
        let key = try TileKey.example()
        let first = try await tier.tile(key)
        for _ in 0..<3 { #expect(try await tier.tile(key) == first) }
        #expect(source.source.count == 1)
        #expect(count("tile_requests_total{outcome=\"hit\",tier=\"memory\",zoom=\"10\"}") == "3")
        #expect(count("tile_requests_total{outcome=\"miss\",tier=\"memory\",zoom=\"10\"}") == "1")
    }

    @Test func anEmptyTileIsKeptToo() async throws {
        let empty = CountingTileSource(isEmpty: true)
        let tier = MemoryTileTier(
            TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600)), above: empty, generation: generation)
        for _ in 0..<3 { #expect(try await tier.tile(try .example()).isEmpty) }
        #expect(empty.count == 1)
    }

    @Test func onceANewerViewIsHeardOfTheOldTileIsNoAnswer() async throws {
        let tier = tier()
        let key = try TileKey.example()
        _ = try await tier.tile(key)
        source.source.generation.store(4, ordering: .relaxed)
        #expect(try await tier.tile(key).generation == 3)
        generation.advance(to: 4)
        #expect(tier.atHand(key) == nil)
        #expect(try await tier.tile(key).generation == 4)
    }

    @Test func whileNoNewTileCanBeMadeTheLastGoodOneStandsIn() async throws {
        let tier = tier()
        let key = try TileKey.example()
        let good = try await tier.tile(key)
        generation.advance(to: 4)
        source.failure.withLock { $0 = Away() }
        let old = try await tier.tile(key)
        #expect(old.isStale)
        #expect(old.gzip == good.gzip)
        #expect(count("tile_stale_total") == "1")
        source.failure.withLock { $0 = nil }
        source.source.generation.store(4, ordering: .relaxed)
        let new = try await tier.tile(key)
        #expect(!new.isStale)
        #expect(new.generation == 4)
    }

    @Test func aFaultIsNotHiddenByAnOldTile() async throws {
        let tier = tier(timeToLive: .zero)
        let key = try TileKey.example()
        _ = try await tier.tile(key)
        source.failure.withLock { $0 = Broken() }
        await #expect(throws: Broken.self) { try await tier.tile(key) }
    }

    @Test func withoutAnOldTileTheErrorIsTold() async throws {
        source.failure.withLock { $0 = Away() }
        await #expect(throws: Away.self) { try await tier().tile(try .example()) }
    }
}
