package import Logging
package import Postgres
import ServiceLifecycle

/// Tells the generation of the served view, at once by NOTIFY and twice a second by looking.
package struct GenerationListener: Service {
    private let options: PostgresOptions
    private let logger: Logger
    private let onGeneration: @Sendable (Int64) -> Void
    private static let pollInterval = Duration.milliseconds(500)
    private static let reconnectPause = Duration.milliseconds(500)

    package init(_ options: PostgresOptions, logger: Logger, onGeneration: @escaping @Sendable (Int64) -> Void) {
        self.options = options
        self.logger = logger
        self.onGeneration = onGeneration
    }

    /// Runs until the service group shuts down; a lost session is opened again.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await listen()
                } catch {
                    if Task.isCancelled { return }
                    logger.warning("lost the generation listener", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.reconnectPause)
                }
            }
        }
    }

    private func listen() async throws {
        let connection = try await PostgresConnection(options)
        do {
            try await connection.listen(ViewRefresh.channel)
            while true {
                // Looked up rather than taken from the message: a notification may come late, a row is never wrong.
                let served = try await connection.query("SELECT generation FROM served_view")
                onGeneration(try served[0].get(0))
                _ = try await connection.notifications(within: Self.pollInterval)
            }
        } catch {
            await connection.close()
            throw error
        }
    }
}
