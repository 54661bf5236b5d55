package import Breaker
package import Logging
package import Postgres
import ServiceLifecycle

/// Reports the generation of the served view: by NOTIFY at once, and by a query twice a second.
package struct GenerationListener: Service {
    private let follower: NumberFollower
    private let onGeneration: @Sendable (Int64) -> Void

    package init(
        _ options: PostgresOptions, outages: OutageLog = .ofDatabase(), logger: Logger,
        onGeneration: @escaping @Sendable (Int64) -> Void
    ) {
        follower = NumberFollower(
            options: options, channel: ViewRefresh.channel, query: "SELECT generation FROM served_view",
            pollInterval: .milliseconds(500), outages: outages, logger: logger)
        self.onGeneration = onGeneration
    }

    /// Runs until the service group shuts down. A lost connection is opened again.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await follower.run(onNumber: onGeneration)
    }
}
