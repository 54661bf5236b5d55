package import Logging
package import Postgres
import ServiceLifecycle

/// Tells the generation of the served view, at once by NOTIFY and twice a second by looking.
package struct GenerationListener: Service {
    private let follower: NumberFollower
    private let onGeneration: @Sendable (Int64) -> Void

    package init(_ options: PostgresOptions, logger: Logger, onGeneration: @escaping @Sendable (Int64) -> Void) {
        follower = NumberFollower(
            options: options, channel: ViewRefresh.channel, query: "SELECT generation FROM served_view",
            pollInterval: .milliseconds(500), logger: logger)
        self.onGeneration = onGeneration
    }

    /// Runs until the service group shuts down; a lost session is opened again.
    package func run() async throws {
        await follower.run(onNumber: onGeneration)
    }
}
