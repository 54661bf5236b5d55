import Breaker
import Logging
import Postgres
import ServiceLifecycle

/// Follows a number in the database: by NOTIFY at once, and by looking now and then.
struct NumberFollower: Sendable {
    let options: PostgresOptions
    /// What NOTIFY tells changes on.
    let channel: String
    /// Gives the number in its only row.
    let query: String
    let pollInterval: Duration
    let logger: Logger

    /// Runs until the service group shuts down; a lost session is opened again.
    ///
    /// - Parameters:
    ///   - onNumber: Called with what was seen at every look, changed or not.
    ///   - onLoss: Called when the session is lost, before another one is opened.
    func run(onNumber: @escaping @Sendable (Int64) -> Void, onLoss: @escaping @Sendable () -> Void = {}) async {
        await cancelWhenGracefulShutdown {
            var outage = Outage()
            while !Task.isCancelled {
                do {
                    try await follow(onNumber, &outage)
                } catch {
                    onLoss()
                    if Task.isCancelled { return }
                    let pause = outage.failed("lost the listener", error, logger, ["channel": "\(channel)"])
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
                // Looked up rather than taken from the message: what is seen is committed, and no message can be missed.
                onNumber(try await connection.query(query)[0].get(0))
                outage.succeeded("the listener is back", logger, ["channel": "\(channel)"])
                _ = try await connection.notifications(within: pollInterval)
            }
        } catch {
            await connection.close()
            throw error
        }
    }
}
