import Synchronization
import TestSupport
import Testing

@testable import Tiles

@Suite struct CoalescingTileSourceTests {
    /// A source that makes no tile before it is released.
    private final class HeldSource: TileSource {
        let source = CountingTileSource()
        private let gate = AsyncStream.makeStream(of: Void.self)

        func letGo() { gate.continuation.finish() }

        func tile(_ key: TileKey) async throws -> Tile {
            let tile = try await source.tile(key)
            for await _ in gate.stream {}
            return tile
        }
    }

    @Test func aBurstOnOneKeyMakesOneTile() async throws {
        let held = HeldSource()
        let coalescing = CoalescingTileSource(of: held, generation: CurrentGeneration())
        let key = try TileKey.example()
        let tasks = (0..<100).map { _ in Task { try await coalescing.tile(key) } }
        try await until { coalescing.waiting(for: key) == 100 }
        held.letGo()
        var tiles: Set<Tile> = []
        for task in tasks { tiles.insert(try await task.value) }
        #expect(tiles.count == 1)
        #expect(held.source.count == 1)
    }

    @Test func whoKnowsOfANewerViewDoesNotJoinAnOlderFlight() async throws {
        let held = HeldSource()
        let generation = CurrentGeneration()
        let coalescing = CoalescingTileSource(of: held, generation: generation)
        let key = try TileKey.example()
        generation.advance(to: 1)
        let before = Task { try await coalescing.tile(key) }
        try await until { held.source.count == 1 }
        generation.advance(to: 2)
        held.source.generation.store(2, ordering: .relaxed)
        let after = Task { try await coalescing.tile(key) }
        try await until { held.source.count == 2 }
        held.letGo()
        #expect(try await before.value.generation == 1)
        #expect(try await after.value.generation == 2)
    }
}
