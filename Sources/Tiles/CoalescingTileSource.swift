import Caching
package import Metrics

/// Makes each tile once for all who ask for it at the same time, within a time limit.
package struct CoalescingTileSource: TileSource {
    /// A query under way. A request that knows a newer generation does not join one that began before.
    private struct Flight: Hashable {
        let key: TileKey
        let generation: Int64?
    }

    private let source: any TileSource
    private let generation: CurrentGeneration
    private let limit: Duration
    private let flights = SingleFlight<Flight, Tile>()
    private let coalesced: Counter

    /// - Parameter limit: How long making a tile may take, however many wait for it.
    package init(
        of source: any TileSource, generation: CurrentGeneration, limit: Duration = .seconds(10),
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        coalesced = Counter(label: "tile_requests_coalesced_total", factory: metrics)
        self.source = source
        self.generation = generation
        self.limit = limit
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        try await joined(key) { [source] in try await source.tile(key) }
    }

    package func tile(afterMiss key: TileKey) async throws -> Tile {
        try await joined(key) { [source] in try await source.tile(afterMiss: key) }
    }

    package func look(for key: TileKey, _ done: @escaping @Sendable (TileFinding) -> Void) -> Bool {
        source.look(for: key, done)
    }

    private func joined(_ key: TileKey, _ make: @escaping @Sendable () async throws -> Tile) async throws -> Tile {
        let flight = Flight(key: key, generation: generation.version(of: key))
        let outcome = try await flights.value(for: flight, within: limit, make)
        if outcome.joined { coalesced.increment() }
        return outcome.value
    }

    /// How many requests that know the same generation wait for `key` now.
    func waiting(for key: TileKey) -> Int {
        flights.waiting(for: Flight(key: key, generation: generation.version(of: key)))
    }
}
