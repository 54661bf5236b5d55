import Foundation
package import Logging
import Metrics
import ServiceLifecycle
package import Tiles

/// After every refresh makes the tiles that were asked for most in the last hour, before somebody asks for them again.
///
/// Servers that share a Redis add up what they count there, and the lock of a tile lets one of them make it; the others
/// take it into their memory. At the start, too, since the memory is empty then.
package struct RefreshWarmer: Service {
    /// How often counts are passed on.
    private static let interval = Duration.seconds(5)
    /// Tiles made at the same time: few, for clients wait for the same sessions.
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
    ///   - demand: Where this server counts.
    ///   - shared: Where all servers do.
    ///   - tiles: How many are made.
    ///   - versions: Those of the served view, told again and again, at least as often as counts are to be passed on.
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

    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    private func passOn(_ history: inout DemandHistory) async {
        let counts = demand.take()
        history.add(counts, at: now)
        do {
            try await shared?.add(counts, at: now)
        } catch {
            logger.debug("what was asked for is not shared", metadata: ["error": "\(error)"])
        }
    }

    private func warm(_ version: Int64, _ history: DemandHistory) async {
        do {
            let done = try await warmer.warm(await mostAsked(history), width: Self.width) { _ in
                warmed.increment()
                return generation.value == version
            }
            logger.debug("warmed", metadata: ["generation": "\(version)", "tiles": "\(done.tiles)"])
        } catch {
            logger.warning("warming ended early", metadata: ["generation": "\(version)", "error": "\(error)"])
        }
    }

    /// What all servers were asked for; while that cannot be told, what this one was.
    private func mostAsked(_ history: DemandHistory) async -> [TileRequest] {
        do {
            if let shared { return try await shared.mostAsked(tiles, at: now) }
        } catch {
            logger.debug("what others were asked for cannot be told", metadata: ["error": "\(error)"])
        }
        return history.mostAsked(tiles, at: now)
    }
}
