package import Accounts
package import Breaker
package import Logging
package import Postgres
import ServiceLifecycle

/// Follows the version of all rights: by NOTIFY at once, and by a query every second. While the connection is lost the
/// version is unknown, and nothing that was looked up before is valid.
package struct AccessListener: Service {
    private let follower: NumberFollower
    private let access: AccessVersion

    package init(
        _ options: PostgresOptions, access: AccessVersion, outages: OutageLog = .ofDatabase(), logger: Logger
    ) {
        var options = options
        // A connection that broke silently is noticed within this time.
        options.statementTimeout = .seconds(1)
        follower = NumberFollower(
            options: options, channel: "hextant_access", query: "SELECT version FROM access_version",
            pollInterval: .seconds(1), outages: outages, logger: logger)
        self.access = access
    }

    /// Runs until the service group shuts down. A lost connection is opened again.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await follower.run(onNumber: { access.hear($0) }, onLoss: { access.lose() })
    }
}
