package import Accounts
package import Logging
package import Postgres
import ServiceLifecycle

/// Hears of every change of a right: by NOTIFY at once, and by looking every second. While it cannot hear it says so, and
/// nothing that was looked up before holds.
package struct AccessListener: Service {
    private let follower: NumberFollower
    private let access: AccessVersion

    package init(_ options: PostgresOptions, access: AccessVersion, logger: Logger) {
        var options = options
        // A connection that broke without a word is noticed by then.
        options.statementTimeout = .seconds(1)
        follower = NumberFollower(
            options: options, channel: "hextant_access", query: "SELECT version FROM access_version",
            pollInterval: .seconds(1), logger: logger)
        self.access = access
    }

    /// Runs until the service group shuts down; a lost session is opened again.
    package func run() async throws {
        await follower.run(onNumber: { access.hear($0) }, onLoss: { access.lose() })
    }
}
