import Breaker
import Logging
import Postgres
import ServiceLifecycle

/// Follows a number in the database: by NOTIFY at once, and by a query now and then.
struct NumberFollower: Sendable {
    let options: PostgresOptions
    /// The channel that announces changes.
    let channel: String
    /// The statement that returns the number in its only row.
    let query: String
    let pollInterval: Duration
    let logger: Logger

    /// Runs until the service group shuts down. A lost connection is opened again.
    ///
    /// - Parameters:
    ///   - onNumber: Called with the number at every look, whether or not it changed.
    ///   - onLoss: Called when the connection is lost, before another one is opened.
    func run(onNumber: @escaping @Sendable (Int64) -> Void, onLoss: @escaping @Sendable () -> Void = {}) async {
        await cancelWhenGracefulShutdown {
            var outage = Outage()
            while !Task.isCancelled {
                do {
                    try await follow(onNumber, &outage)
                } catch {
                    onLoss()
                    if Task.isCancelled { return }
                    let pause = outage.failed(
                        "lost the connection that listens", error, logger, ["channel": "\(channel)"])
                    try? await Task.sleep(for: pause)
                }
            }
        }
    }

    private func follow(_ onNumber: @Sendable (Int64) -> Void, _ outage: inout Outage) async throws {
        let connection = try await PostgresConnection(options)
        do {
            try await connection.listen(channel)
            while true {
                // Queried rather than taken from the message, so that the value is committed and no message can be
                // missed.
                onNumber(try await connection.query(query)[0].get(0))
                outage.succeeded("listening again", logger, ["channel": "\(channel)"])
                _ = try await connection.notifications(within: pollInterval)
            }
        } catch {
            await connection.close()
            throw error
        }
    }
}
