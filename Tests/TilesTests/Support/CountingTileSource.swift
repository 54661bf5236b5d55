import Domain
import NIOCore
import Synchronization
import TestDomain
import TileMath

@testable import Tiles

/// Makes tiles whose bytes name the key and the generation, and counts its calls.
final class CountingTileSource: TileSource {
    let calls = Atomic<Int>(0)
    let generation: Atomic<Int64>
    private let isEmpty: Bool

    init(generation: Int64 = 1, isEmpty: Bool = false) {
        self.generation = Atomic(generation)
        self.isEmpty = isEmpty
    }

    func tile(_ key: TileKey) async throws -> Tile {
        calls.add(1, ordering: .relaxed)
        let generation = generation.load(ordering: .relaxed)
        let plain = isEmpty ? ByteBuffer() : ByteBuffer(string: "\(key) \(generation)")
        return Tile(plain: plain, generation: generation)
    }

    var count: Int { calls.load(ordering: .relaxed) }
}

extension TileKey {
    /// A key that each call site changes as needed.
    static func example(
        dataset: Slug = "toronto", day: String = "2021-12-31", lastDay: String? = nil, resolution: Int = 8,
        levels: Set<RiskLevel> = [], layers: TileLayers = .risk, cellLimit: Int = TileKey.usualCellLimit,
        z: Int = 10, x: Int = 286, y: Int = 373
    ) throws -> TileKey {
        TileKey(
            dataset: dataset, day: LocalDay(day)!, lastDay: lastDay.map { LocalDay($0)! }, resolution: resolution,
            levels: levels, layers: layers, cellLimit: cellLimit, address: try TileAddress(z: z, x: x, y: y))
    }
}
