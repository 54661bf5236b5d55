package import Breaker
package import Logging
package import Postgres
import ServiceLifecycle
package import Tiles

/// Forgets tiles when another server says so. A missed message cannot be read again, so a server whose connection was
/// lost forgets all tiles.
package struct CacheListener: Service {
    /// How often a silent connection is checked.
    private static let pollInterval = Duration.seconds(2)

    private let options: PostgresOptions
    private let cache: TileCache
    private let onClear: @Sendable () -> Void
    private let outages: OutageLog
    private let logger: Logger

    /// - Parameter onClear: Called when everything is to be forgotten, also what is not a tile.
    package init(
        _ options: PostgresOptions, cache: TileCache, outages: OutageLog = .ofDatabase(), logger: Logger,
        onClear: @escaping @Sendable () -> Void = {}
    ) {
        var options = options
        options.statementTimeout = .seconds(2)
        self.options = options
        self.cache = cache
        self.onClear = onClear
        self.outages = outages
        self.logger = logger
    }

    /// Runs until the service group shuts down. A lost connection is opened again.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await ChannelListener(options: options, channel: CacheMessages.channel, outages: outages, logger: logger).run {
            connection, isBack in
            // Messages sent before this connection began to listen were missed.
            cache.removeAll()
            onClear()
            isBack()
            while true {
                for message in try await connection.notifications(within: Self.pollInterval) {
                    guard let selection = TileSelection(message: message.payload) else {
                        // The message is of a newer version. Forgetting too much is better than too little.
                        cache.removeAll()
                        onClear()
                        continue
                    }
                    cache.forget(selection)
                    if selection == TileSelection() { onClear() }
                }
                try await connection.execute("SELECT 1")
            }
        }
    }
}
