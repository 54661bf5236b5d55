import Breaker
import Logging
import Postgres

/// Follows a number in the database: by NOTIFY at once, and by a query now and then.
struct NumberFollower: Sendable {
    let options: PostgresOptions
    /// The channel that announces changes.
    let channel: String
    /// The statement that returns the number in its only row.
    let query: String
    let pollInterval: Duration
    let outages: OutageLog
    let logger: Logger

    /// Runs until the service group shuts down. A lost connection is opened again.
    ///
    /// - Parameters:
    ///   - onNumber: Called with the number at every look, whether or not it changed.
    ///   - onLoss: Called when the connection is lost, before another one is opened.
    func run(onNumber: @escaping @Sendable (Int64) -> Void, onLoss: @escaping @Sendable () -> Void = {}) async {
        let listener = ChannelListener(options: options, channel: channel, outages: outages, logger: logger)
        await listener.run(onLoss: onLoss) { connection, isBack in
            while true {
                // Queried rather than taken from the message, so that the value is committed and no message can be
                // missed.
                onNumber(try await connection.query(query)[0].get(0))
                isBack()
                _ = try await connection.notifications(within: pollInterval)
            }
        }
    }
}
