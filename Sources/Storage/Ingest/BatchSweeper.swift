package import Logging
package import Postgres
import ServiceLifecycle

/// Ends batches that were cut off, as soon as that can be seen: their process is gone, or lost the database.
///
/// Any number may run beside each other. A batch that goes on is known by the lock of its dataset.
package struct BatchSweeper: Service {
    /// How often is looked. Who sent a file that was cut off looks no sooner than that.
    private static let pause = Duration.seconds(2)

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let logger: Logger

    package init(_ options: PostgresOptions, sql: SQLFiles, logger: Logger) {
        var options = options
        options.statementTimeout = .seconds(10)
        self.options = options
        self.sql = sql
        self.logger = logger
    }

    /// Looks at once and then until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await PostgresConnection.withSession(options) { try await watch($0) }
                } catch {
                    // The database is away, as others say already, or there is no schema yet.
                    logger.debug("cannot look for batches that were cut off", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func watch(_ connection: PostgresConnection) async throws {
        while true {
            for (batch, dataset) in try await Self.sweep(connection, sql: sql) {
                logger.warning(
                    "a batch was cut off and has failed", metadata: ["batch": "\(batch)", "dataset": "\(dataset)"])
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Ends the batches that nobody works on any more.
    ///
    /// - Returns: those.
    package static func sweep(
        _ database: any QueryRunner, sql: SQLFiles
    ) async throws -> [(batch: Int64, dataset: String)] {
        try await database.query(sql[.batchSweep], []).map { (try $0.get(0), try $0.get(1)) }
    }
}
