package import Domain
import Feeds
import Postgres
package import Storage

extension FileIngest {
    /// How many batches are looked for at a time.
    private static let page = 100
    private static let mostProblems = 10

    /// Reads the open dead letters of a dataset's batches again, one batch after the other. What an interrupted call
    /// has stored stays, and the next one goes on with what is still open.
    ///
    /// A batch whose mapping is gone, or no longer fits its file, is left out and told.
    ///
    /// - Parameters:
    ///   - lease: The lease of the job that does it. Without it nothing is stored.
    ///   - progress: Called after each batch with how many are done.
    /// - Throws: ``StorageError`` when there is no such dataset or it is being written; ``JobLease/hold(on:)``'s
    ///   errors; `PostgresError`.
    package func readAgain(
        _ order: RemediationOrder, lease: JobLease? = nil, progress: (Int) -> Void = { _ in }
    ) async throws -> RemediationSum {
        try await PostgresConnection.withConnection(options) { connection in
            _ = try await DatasetStore(connection, sql: sql).dataset(order.dataset)
        }
        var sum = RemediationSum()
        var after: Int64 = 0
        while true {
            let last = after
            let batches = try await PostgresConnection.withConnection(options) { connection in
                try await IngestRecords(connection, sql: sql).toRemediate(order, after: last, limit: Self.page)
            }
            for batch in batches {
                try Task.checkCancellation()
                do {
                    sum.add(
                        try await readAgain(
                            batch: batch.id, mapping: order.mapping ?? batch.mapping, reason: order.reason,
                            lease: lease))
                } catch let error as FeedError {
                    if sum.problems.count < Self.mostProblems { sum.problems.append("batch \(batch.id): \(error)") }
                } catch let error as StorageError where error.code == .batch || error.code == .failedBatch {
                    // It was deleted, or failed, a moment ago.
                }
                progress(sum.batches)
                after = batch.id
            }
            guard batches.count == Self.page else { return sum }
        }
    }
}
