package import Domain
import Jobs
package import Postgres

/// Deletes a dataset with everything that is stored of it.
package struct DatasetDeletion: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options.withLockTimeout
        self.sql = sql
    }

    /// Deletes everything in one transaction and queues a refresh, which removes the dataset from the served view.
    /// - Throws: `StorageError` with code `.busy` while an ingest or a scoring run of the dataset is under way and
    ///   `.dataset` when there is none; `PostgresError`.
    package func delete(_ slug: Slug) async throws -> DeletedDataset {
        try await PostgresConnection.withConnection(options) { connection in
            for work in ["ingest", "score"] {
                let lock = try await connection.query(
                    "SELECT pg_try_advisory_lock(hashtextextended('hextant ' || $1 || ' ' || $2, 0))", [work, slug])
                guard try lock[0].get(0) == true else {
                    throw StorageError(.busy, "\(work) of \(slug) is running: wait until it ends, or stop it")
                }
            }
            let deleted = try await connection.transaction { try await delete(slug, on: $0) }
            // The dataset is deleted, whatever becomes of this. Partitions that are in use are dropped later.
            _ = try? await PartitionUpkeep.dropEmpty(on: connection)
            return deleted
        }
    }

    private func delete(_ slug: Slug, on connection: PostgresConnection) async throws -> DeletedDataset {
        // Read first, because the days are deleted before the events.
        let days = try await EventExtent.knownDays(of: slug, on: connection)
        let batches: Int = try await connection.query(
            "SELECT count(*) FROM ingest_batches WHERE dataset = $1", [slug])[0].get(0)
        for (number, step) in sql.steps(of: .datasetDelete).enumerated() {
            let done = try await connection.query(step.script, [slug])
            if number == 0, done.affected == 0 {
                throw StorageError(
                    .dataset,
                    "there is no dataset \(slug), so nothing was deleted: `hextant datasets list` lists them")
            }
        }
        let events = try await deleteEvents(slug, of: days, on: connection)
        _ = try await JobQueue(connection, sql: sql).enqueue(.refresh, trigger: "deletion of \(slug)")
        return DeletedDataset(events: events, batches: batches)
    }

    /// Deletes one partition at a time, because triggers on the table collect what a statement deletes. The planner
    /// looks at no other one, since the times are values.
    private func deleteEvents(
        _ slug: Slug, of days: ClosedRange<LocalDay>?, on connection: PostgresConnection
    ) async throws -> Int {
        var events = 0
        if let days {
            for range in try await EventPartitions.ranges(connection, in: days.moments) {
                events += try await connection.queryOnce(
                    "DELETE FROM events WHERE dataset = $1 AND event_timestamp >= $2 AND event_timestamp < $3",
                    [slug, range.lowerBound, range.upperBound]
                ) { $0.affected }
            }
        }
        // Rows that somebody put there without telling of their days.
        events += try await connection.query("DELETE FROM events WHERE dataset = $1", [slug]).affected
        return events
    }
}
