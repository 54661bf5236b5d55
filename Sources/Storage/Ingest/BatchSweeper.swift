package import Domain
package import Logging
package import Postgres
import ServiceLifecycle

/// Marks interrupted batches as failed as soon as possible: those whose process ended or lost the database.
///
/// Several sweepers may run at the same time. A batch that is still written is recognised by the lock of its dataset.
package struct BatchSweeper: Service {
    /// The time between two looks. A sender whose batch was interrupted asks no sooner than that.
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

    /// Sweeps at once and then again and again until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await PostgresConnection.withConnection(options) { try await watch($0) }
                } catch {
                    // The database is away, which others have logged, or there is no schema yet.
                    logger.debug("cannot look for interrupted batches", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func watch(_ connection: PostgresConnection) async throws {
        while true {
            for (batch, dataset) in try await Self.sweep(connection, sql: sql) {
                logger.warning(
                    "a batch was interrupted and has failed", metadata: ["batch": "\(batch)", "dataset": "\(dataset)"])
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Marks as failed the running batches that no process works on any more.
    ///
    /// - Returns: Those batches.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package static func sweep(
        _ database: any QueryRunner, sql: SQLFiles
    ) async throws -> [(batch: Int64, dataset: Slug)] {
        try await database.query(sql[.batchSweep], []).map { row -> (batch: Int64, dataset: Slug) in
            var fields = row.fields
            return (try fields.next("id"), try fields.next("dataset"))
        }
    }
}
