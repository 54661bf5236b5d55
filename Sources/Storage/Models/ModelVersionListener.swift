package import Breaker
package import Logging
package import Postgres
import ServiceLifecycle

/// Follows the version of the active models: by NOTIFY at once, and by a query twice a second.
package struct ModelVersionListener: Service {
    private let follower: NumberFollower
    private let onVersion: @Sendable (Int64) -> Void

    /// - Parameter onVersion: Called with the version at every look, whether or not it changed.
    package init(
        _ options: PostgresOptions, outages: OutageLog = .ofDatabase(), logger: Logger,
        onVersion: @escaping @Sendable (Int64) -> Void
    ) {
        var options = options
        options.statementTimeout = .seconds(5)
        follower = NumberFollower(
            options: options, channel: "hextant_models", query: "SELECT version FROM model_version",
            pollInterval: .milliseconds(500), outages: outages, logger: logger)
        self.onVersion = onVersion
    }

    /// Runs until the service group shuts down. While the connection is lost, the models that were loaded go on
    /// answering.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await follower.run(onNumber: onVersion)
    }
}
