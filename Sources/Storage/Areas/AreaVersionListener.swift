package import Breaker
package import Domain
package import Logging
package import Postgres
import ServiceLifecycle

/// Follows the version of layers and counts: by NOTIFY at once, and by a query twice a second.
package struct AreaVersionListener: Service {
    private let follower: NumberFollower
    private let version: AreaVersion

    package init(
        _ options: PostgresOptions, version: AreaVersion, outages: OutageLog = .ofDatabase(), logger: Logger
    ) {
        var options = options
        options.statementTimeout = .seconds(5)
        follower = NumberFollower(
            options: options, channel: "hextant_areas", query: "SELECT version FROM area_version",
            pollInterval: .milliseconds(500), outages: outages, logger: logger)
        self.version = version
    }

    /// Runs until the service group shuts down. While the connection is lost, no version is known.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await follower.run(onNumber: { version.note($0) }, onLoss: { version.note(nil) })
    }
}
