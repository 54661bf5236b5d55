package import Logging
package import Metrics

/// Makes tiles at a replica of the store, and at the primary where the replica fails or is behind.
package struct ReplicaTileSource: TileSource {
    private let replica: any TileSource
    private let primary: any TileSource
    private let generation: CurrentGeneration
    private let logger: Logger
    private let fallbacks: Counter

    package init(
        _ replica: any TileSource, primary: any TileSource, generation: CurrentGeneration, logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.replica = replica
        self.primary = primary
        self.generation = generation
        self.logger = logger
        fallbacks = Counter(label: "tile_replica_fallbacks_total", factory: metrics)
    }

    package func tile(_ key: TileKey) async throws -> Tile {
        do {
            let tile = try await replica.tile(key)
            // A replica that has not received the last refresh yet would answer with older scores.
            if generation.version(of: key).map({ tile.generation >= $0 }) ?? true { return tile }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            logger.debug("the replica did not make a tile", metadata: ["error": "\(error)"])
        }
        fallbacks.increment()
        return try await primary.tile(key)
    }
}
