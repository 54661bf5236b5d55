package import Logging
package import Postgres
import ServiceLifecycle
package import Tiles

/// Forgets tiles when another server says so. A message that was missed cannot be had again, so a server whose session was
/// lost forgets all tiles.
package struct CacheListener: Service {
    private static let reconnectPause = Duration.milliseconds(500)
    /// How often a session that says nothing is looked at.
    private static let pollInterval = Duration.seconds(2)

    private let options: PostgresOptions
    private let cache: TileCache
    private let logger: Logger

    package init(_ options: PostgresOptions, cache: TileCache, logger: Logger) {
        var options = options
        options.statementTimeout = .seconds(2)
        self.options = options
        self.cache = cache
        self.logger = logger
    }

    /// Runs until the service group shuts down; a lost session is opened again.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await listen()
                } catch {
                    if Task.isCancelled { return }
                    logger.warning(
                        "lost the listener", metadata: ["channel": "\(CacheMessages.channel)", "error": "\(error)"])
                    try? await Task.sleep(for: Self.reconnectPause)
                }
            }
        }
    }

    private func listen() async throws {
        let connection = try await PostgresConnection(options)
        do {
            try await connection.listen(CacheMessages.channel)
            // What was said before this session listened was missed.
            cache.removeAll()
            while true {
                for message in try await connection.notifications(within: Self.pollInterval) {
                    guard let selection = TileSelection(message: message.payload) else {
                        // Of a newer version: too much forgotten is better than too little.
                        cache.removeAll()
                        continue
                    }
                    cache.forget(selection)
                }
                try await connection.execute("SELECT 1")
            }
        } catch {
            await connection.close()
            throw error
        }
    }
}
