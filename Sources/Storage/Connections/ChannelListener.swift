import Breaker
import Logging
import Postgres
import ServiceLifecycle

/// A connection that listens to a channel, and that is opened again when it is lost.
struct ChannelListener: Sendable {
    let options: PostgresOptions
    let channel: String
    let outages: OutageLog
    let logger: Logger

    /// Runs until the service group shuts down.
    ///
    /// - Parameters:
    ///   - onLoss: Called when the connection is lost, before another one is opened.
    ///   - body: Called with each connection once it listens. It calls its second argument when the server has
    ///     answered, and goes on until it throws.
    func run(
        onLoss: @escaping @Sendable () -> Void = {},
        _ body: @escaping @Sendable (PostgresConnection, _ isBack: () -> Void) async throws -> Void
    ) async {
        let metadata: Logger.Metadata = ["channel": "\(channel)"]
        await cancelWhenGracefulShutdown {
            await Outage.outlast(
                "lost the connection that listens", logger, metadata, shared: outages, onError: onLoss
            ) { outage in
                let connection = try await PostgresConnection(options)
                do {
                    try await connection.listen(channel)
                    try await body(connection) { outage.succeeded("listening again", logger, metadata) }
                } catch {
                    await connection.close()
                    throw error
                }
            }
        }
    }
}
