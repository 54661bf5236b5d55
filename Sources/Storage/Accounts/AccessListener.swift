package import Accounts
package import Logging
package import Postgres
import ServiceLifecycle

/// Hears of every change of a right: by NOTIFY at once, and by looking every second. While it cannot hear it says so, and
/// nothing that was looked up before holds.
package struct AccessListener: Service {
    private let options: PostgresOptions
    private let access: AccessVersion
    private let logger: Logger
    private static let channel = "hextant_access"
    private static let pollInterval = Duration.seconds(1)
    private static let reconnectPause = Duration.milliseconds(500)

    package init(_ options: PostgresOptions, access: AccessVersion, logger: Logger) {
        var options = options
        // A connection that broke without a word is noticed by then.
        options.statementTimeout = .seconds(1)
        self.options = options
        self.access = access
        self.logger = logger
    }

    /// Runs until the service group shuts down; a lost session is opened again.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await listen()
                } catch {
                    access.lose()
                    if Task.isCancelled { return }
                    logger.warning("lost the listener for rights", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.reconnectPause)
                }
            }
        }
    }

    private func listen() async throws {
        let connection = try await PostgresConnection(options)
        do {
            try await connection.listen(Self.channel)
            while true {
                // Looked up rather than told: what is seen now is committed, and no notification can be missed.
                let rows = try await connection.query("SELECT version FROM access_version")
                access.hear(try rows[0].get(0))
                _ = try await connection.notifications(within: Self.pollInterval)
            }
        } catch {
            await connection.close()
            throw error
        }
    }
}
