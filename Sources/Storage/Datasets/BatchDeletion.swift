package import Accounts
package import Domain
import Jobs
package import Postgres

/// Takes a batch back: deletes its events and dead letters, and has its days scored again.
package struct BatchDeletion: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options.withLockTimeout
        self.sql = sql
    }

    /// Deletes everything in one transaction. If the dataset has been scored, a run of its changed days and a refresh
    /// are queued in it too.
    ///
    /// Events that the batch replaced are not restored; the file that they came from brings them back.
    ///
    /// - Parameters:
    ///   - requester: The account whose right to the dataset must last until the batch is deleted; `nil` for none.
    ///   - entry: Makes the entry of the audit log, which is written in the same transaction.
    /// - Throws: `StorageError` with code `.batch` when there is no such batch, `.busy` while its dataset is being
    ///   written, and `.right` when the requester lost the right; `PostgresError`.
    package func delete(
        _ batch: Int64, by requester: Requester? = nil, entry: (@Sendable (DeletedBatch) -> AuditEntry)? = nil
    ) async throws -> DeletedBatch {
        try await PostgresConnection.withConnection(options) { connection in
            let dataset = try await dataset(of: batch, on: connection)
            // No ingest of the dataset adds to the batch, and none takes its rows for known ones, until this ends.
            try await IngestStore(options, sql: sql).lock(dataset, on: connection)
            let deleted = try await connection.transaction { connection in
                try await requester?.holdRight(to: dataset, on: connection)
                let deleted = try await delete(batch, of: dataset, by: requester, on: connection)
                if let entry { try await AuditStore(connection, sql: sql).record([entry(deleted)]) }
                return deleted
            }
            // The batch is deleted, whatever becomes of this. Partitions that are in use are dropped later.
            _ = try? await PartitionUpkeep.dropEmpty(on: connection)
            return deleted
        }
    }

    private func dataset(of batch: Int64, on connection: PostgresConnection) async throws -> Slug {
        let found = try await connection.query("SELECT dataset FROM ingest_batches WHERE id = $1", [batch])
        guard let row = found.first else {
            throw StorageError(.batch, "there is no batch \(batch): `hextant batches list` lists them")
        }
        return try row.get(0)
    }

    private func delete(
        _ batch: Int64, of dataset: Slug, by requester: Requester?, on connection: PostgresConnection
    ) async throws -> DeletedBatch {
        var events = try await deleteEvents(of: batch, dataset, on: connection)
        let payments = try await connection.query(
            "DELETE FROM expenditures WHERE dataset = $1 AND batch_id = $2", [dataset, batch]
        ).affected
        if payments > 0 {
            events += payments
            try await connection.query(
                "UPDATE datasets SET expenditures_version = expenditures_version + 1 WHERE slug = $1", [dataset])
        }
        let letters: Int = try await connection.query(
            "SELECT count(*) FROM dead_letters WHERE batch = $1", [batch])[0].get(0)
        let done = try await connection.query("DELETE FROM ingest_batches WHERE id = $1", [batch])
        guard done.affected == 1 else { throw StorageError(.batch, "batch \(batch) was deleted a moment ago") }
        let run = try await events > 0 ? queueRun(dataset, batch, by: requester, on: connection) : nil
        return DeletedBatch(batch: batch, dataset: dataset, events: events, deadLetters: letters, run: run)
    }

    /// Deletes one partition at a time, because triggers on the table collect what a statement deletes.
    private func deleteEvents(
        of batch: Int64, _ dataset: Slug, on connection: PostgresConnection
    ) async throws -> Int {
        var events = 0
        for range in try await EventPartitions.ranges(connection) {
            // Planned each time, so that the planner looks at this partition alone.
            events += try await connection.queryOnce(
                sql[.batchDelete], [dataset, batch, range.lowerBound, range.upperBound]
            ) { (rows: PostgresRows) throws(PostgresError) -> Int in try rows[0].get(0) }
        }
        return events
    }

    /// Queues a run like the newest one of the dataset, over the days that have events now.
    /// - Returns: `nil` when the dataset was never scored.
    private func queueRun(
        _ dataset: Slug, _ batch: Int64, by requester: Requester?, on connection: PostgresConnection
    ) async throws -> Int64? {
        let described = try await DatasetStore(connection, sql: sql).dataset(dataset)
        guard let order = try await RunStore.orderLikeNewest(of: described, on: connection) else { return nil }
        return try await JobQueue(connection, sql: sql).enqueue(
            .score(order), by: requester?.name, trigger: "deletion of batch \(batch)"
        ).run
    }
}
