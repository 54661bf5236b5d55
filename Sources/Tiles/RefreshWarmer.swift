import Domain
package import Logging
import Metrics
import ServiceLifecycle

/// Makes the tiles that were requested most in the last hour after every refresh, before somebody requests them again.
///
/// Servers that share a Redis add up their counts there, and the lock of a tile lets only one of them make it; the
/// others load it into their memory. It also runs at the start, when the memory is empty.
package struct RefreshWarmer: Service {
    /// How often counts are passed on.
    private static let interval = Duration.seconds(5)
    /// How many tiles are made at the same time: few, because clients wait for the same connections.
    private static let width = 2

    private let demand: TileDemand
    private let shared: RedisDemand?
    private let warmer: TileWarmer
    private let tiles: Int
    private let generation: CurrentGeneration
    private let versions: AsyncStream<Int64>
    private let logger: Logger
    private let warmed = Counter(label: "tile_warmed_total")

    /// - Parameters:
    ///   - demand: The counts of this server.
    ///   - shared: The counts of all servers.
    ///   - tiles: How many tiles are made.
    ///   - versions: Generations of refreshes, repeated at least as often as counts must be passed on.
    package init(
        _ demand: TileDemand, shared: RedisDemand?, warmer: TileWarmer, tiles: Int, generation: CurrentGeneration,
        versions: AsyncStream<Int64>, logger: Logger
    ) {
        self.demand = demand
        self.shared = shared
        self.warmer = warmer
        self.tiles = tiles
        self.generation = generation
        self.versions = versions
        self.logger = logger
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var history = DemandHistory()
            var passed = ContinuousClock.now
            var last: Int64?
            for await version in versions {
                let isNew = version != last
                guard isNew || .now - passed >= Self.interval else { continue }
                await passOn(&history)
                passed = .now
                if isNew { await warm(version, history) }
                last = version
            }
        }
    }

    private func passOn(_ history: inout DemandHistory) async {
        let counts = demand.take()
        history.add(counts, at: .now)
        do {
            try await shared?.add(counts, at: .now)
        } catch {
            logger.debug("the counts of requested tiles cannot be shared", metadata: ["error": "\(error)"])
        }
    }

    private func warm(_ version: Int64, _ history: DemandHistory) async {
        do {
            let done = try await warmer.warm(await mostAsked(history), width: Self.width) { _ in
                warmed.increment()
                return generation.refreshed == version
            }
            logger.debug("warmed", metadata: ["generation": "\(version)", "tiles": "\(done.tiles)"])
        } catch {
            logger.warning("warming ended early", metadata: ["generation": "\(version)", "error": "\(error)"])
        }
    }

    /// The tiles requested most from all servers; from this one alone while the others' counts are not available.
    private func mostAsked(_ history: DemandHistory) async -> [TileRequest] {
        do {
            if let shared { return try await shared.mostAsked(tiles, at: .now) }
        } catch {
            logger.debug("the counts of other servers cannot be read", metadata: ["error": "\(error)"])
        }
        return history.mostAsked(tiles, at: .now)
    }
}
