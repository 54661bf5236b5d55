package import Logging
package import Postgres
import ServiceLifecycle

/// Keeps the number of partitions of the hypertable `events` small: drops those without rows, and merges old ones that
/// have few.
///
/// Every statement that is not limited to a time plans and locks all of them, whichever dataset made them. Several
/// processes may do it at the same time. What an ingest or a reader is using is left for the next time.
package struct PartitionUpkeep: Service {
    private static let firstPause = Duration.seconds(60)
    private static let pause = Duration.seconds(3600)
    /// How many empty partitions are dropped in one transaction. Each is locked until the transaction ends.
    private static let mostDropped = 20
    /// The size up to which partitions are merged into one, without indexes: about a hundred thousand events, which
    /// takes about a second.
    private static let mostBytes = 16 << 20

    private let options: PostgresOptions
    private let logger: Logger

    package init(_ options: PostgresOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Runs once an hour until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            try? await Task.sleep(for: Self.firstPause)
            while !Task.isCancelled {
                do {
                    let done = try await PostgresConnection.withConnection(options) { try await Self.run(on: $0) }
                    if done != Tidied() {
                        logger.info(
                            "tidied the partitions of events",
                            metadata: ["dropped": "\(done.dropped)", "merged": "\(done.merged)"])
                    }
                } catch {
                    // The database is away, which others have logged, or the schema is older.
                    logger.debug("cannot tidy the partitions of events", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// The number of partitions that are gone.
    package struct Tidied: Hashable, Sendable {
        /// How many empty partitions were dropped.
        package var dropped = 0
        /// By how many merging reduced the others.
        package var merged = 0

        package init(dropped: Int = 0, merged: Int = 0) {
            self.dropped = dropped
            self.merged = merged
        }
    }

    /// Drops and merges partitions until nothing is left to do.
    /// - Throws: `PostgresError`.
    package static func run(on connection: PostgresConnection) async throws -> Tidied {
        var tidied = Tidied(dropped: try await dropEmpty(on: connection))
        while true {
            let done: Int = try await connection.query("SELECT merge_event_partitions($1)", [mostBytes])[0].get(0)
            guard done > 0 else { return tidied }
            tidied.merged += done
        }
    }

    /// Drops the partitions without rows.
    ///
    /// - Returns: How many there were.
    /// - Throws: `PostgresError`.
    @discardableResult
    package static func dropEmpty(on connection: PostgresConnection) async throws -> Int {
        var dropped = 0
        while true {
            let done: Int = try await connection.query(
                "SELECT drop_empty_event_partitions($1)", [mostDropped])[0].get(0)
            dropped += done
            guard done == mostDropped else { return dropped }
        }
    }
}
