package import Domain
import Jobs
package import Postgres

/// The full refresh of a dataset of expenditures by a feed: its rows wait in `expenditures_next` until all parts of the
/// feed were read, and then take the place of those that the feed brought before, in one transaction. So a reader never
/// sees a mixture, and a refresh that fails leaves everything as it was.
package struct ExpenditureSwap: Sendable {
    /// A part of the feed that was read whole.
    package struct Part: Sendable {
        package let batch: FeedBatch
        /// The first batch; `nil` for a part without rows.
        package let number: Int64?
        package let rows: Int

        package init(batch: FeedBatch, number: Int64?, rows: Int) {
            self.batch = batch
            self.number = number
            self.rows = rows
        }
    }

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let feed: Slug
    private let dataset: Slug

    package init(_ options: PostgresOptions, sql: SQLFiles, feed: Slug, dataset: Slug) {
        self.options = options
        self.sql = sql
        self.feed = feed
        self.dataset = dataset
    }

    /// The merging statement with the table in which rows wait in place of the served one.
    static func staged(_ statement: String) -> String {
        statement.replacing("LEFT JOIN expenditures e", with: "LEFT JOIN expenditures_next e")
            .replacing("INSERT INTO expenditures AS e", with: "INSERT INTO expenditures_next AS e")
    }

    /// Forgets the rows of a refresh that did not end, and says of its batches that they failed.
    /// - Throws: `PostgresError`.
    package func discard(because reason: String) async throws {
        try await PostgresConnection.withConnection(options) { connection in
            _ = try await connection.transaction { connection in
                try await connection.query(
                    """
                    WITH waiting AS (
                        DELETE FROM expenditures_next WHERE dataset = $1 RETURNING batch_id
                    )
                    UPDATE ingest_batches
                    SET state = 'failed', error = $2, received = rejected, accepted = 0, duplicate = 0
                    WHERE id IN (SELECT DISTINCT batch_id FROM waiting)
                    """, [dataset, reason])
            }
        }
    }

    /// Makes the rows that wait those of the feed, with the checkpoints of its parts.
    ///
    /// - Parameters:
    ///   - run: The run of the feed, whose counts are raised.
    ///   - lease: The right of the job; without it nothing changes.
    /// - Returns: How many rows are new or changed, and how many are gone.
    /// - Throws: `StorageError` with code `.busy` while the dataset is being written; ``JobLease/hold(on:)``'s errors;
    ///   `PostgresError`.
    package func swap(
        _ parts: [Part], run: Int64, lease: JobLease?, rows: Int, rejected: Int
    ) async throws -> (accepted: Int, removed: Int) {
        try await PostgresConnection.withConnection(options) { connection in
            try await IngestStore(options, sql: sql).lock(dataset, on: connection)
            return try await connection.transaction { connection in
                try await lease?.hold(on: connection)
                try await connection.execute("ANALYZE expenditures_next")
                var counts: [Int] = []
                for (number, step) in sql.steps(of: .expendituresSwap).enumerated() {
                    let done = try await connection.query(step.script, [dataset, feed])
                    if number < 2 { counts.append(try done[0].get(0)) }
                }
                let (removed, accepted) = (counts[0], counts[1])
                try await putCheckpoints(parts, on: connection)
                let added: Int = try await connection.query(
                    sql[.feedRunAdd], [run, accepted, max(0, rows - accepted - rejected), rejected, removed])[0].get(0)
                guard added == 1 else { throw StorageError(.conflict, "another run of the feed \(feed) has begun") }
                if accepted + removed > 0 { try await ExpenditureStore.raiseVersion(of: dataset, on: connection) }
                return (accepted, removed)
            }
        }
    }

    /// Writes what is held of the parts, and forgets parts that the source does not have any more.
    private func putCheckpoints(_ parts: [Part], on connection: PostgresConnection) async throws {
        try await connection.query(
            "DELETE FROM feed_checkpoints WHERE dataset = $1 AND feed = $2 AND part <> ALL ($3::text[])",
            [dataset, feed, PostgresArray(parts.map(\.batch.part))])
        for part in parts {
            try await connection.query(
                sql[.feedCheckpointPut],
                [
                    dataset, feed, part.batch.part, part.batch.version, part.batch.state, part.number, part.rows,
                    part.number != nil, Instant?.none, Instant?.none,
                ])
        }
    }
}
