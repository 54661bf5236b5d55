package import Domain
import Postgres

/// Reads batches and dead letters.
package struct IngestRecords: IngestRepository {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func batch(_ id: Int64) async throws -> IngestBatch? {
        try await batches(id: id, dataset: nil, after: nil, limit: 1).first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func batches(dataset: Slug?, after: Int64?, limit: Int) async throws -> [IngestBatch] {
        try await batches(id: nil, dataset: dataset, after: after, limit: limit)
    }

    /// The largest size of all texts on a page of dead letters. A single one may have 1 MiB.
    private static let pageBytes = 8 << 20

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func deadLetters(_ query: DeadLetterQuery) async throws -> DeadLetterPage {
        // One more than the limit shows whether there is another page.
        let parameters: [any PostgresEncodable] = [
            query.dataset, query.batch, query.reason, query.includesRemediated, query.after, query.limit + 1,
            Self.pageBytes,
        ]
        let rows = try await database.query(sql[.deadLetters], parameters)
        let candidates = try rows.first.map { try $0.get(9, as: Int.self) } ?? 0
        let letters = try rows.prefix(query.limit).map { row in
            StoredDeadLetter(
                id: try row.get(0), batch: try row.get(1), dataset: try row.get(2),
                letter: DeadLetter(
                    rowNumber: try row.get(3), lineNumber: try row.get(4), raw: try row.get(5),
                    reasonCode: try row.get(6), detail: try row.get(7)),
                remediated: try row.get(8))
        }
        return DeadLetterPage(letters: letters, hasMore: candidates > letters.count)
    }

    private func batches(id: Int64?, dataset: Slug?, after: Int64?, limit: Int) async throws -> [IngestBatch] {
        let parameters: [any PostgresEncodable] = [id, dataset, after, limit]
        return try await database.query(sql[.batches], parameters).map { row in
            IngestBatch(
                id: try row.get(0), dataset: try row.get(1), source: try row.get(2), sha256: try row.get(3),
                mapping: try row.get(4), state: try row.get(5), received: try row.get(6), accepted: try row.get(7),
                duplicate: try row.get(8), rejected: try row.get(9), filtered: try row.get(10),
                rejectedByReason: try row.get(14, as: String?.self).map(BatchReasons.read),
                deadLettersOmitted: try row.get(15), error: try row.get(11),
                started: try row.get(12), finished: try row.get(13))
        }
    }
}
