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
        try await find(id: id, dataset: nil, after: nil, limit: 1).first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func batches(of dataset: Slug?, _ page: PageRequest<IngestBatch>) async throws -> Page<IngestBatch> {
        Page(try await find(id: nil, dataset: dataset, after: page.after, limit: page.wanted), of: page)
    }

    /// The finished batches that have open dead letters of an order, with the names of their mappings, by id.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func toRemediate(
        _ order: RemediationOrder, after id: Int64, limit: Int
    ) async throws -> [(id: Int64, mapping: String)] {
        try await database.query(
            sql[.batchesToRemediate], [order.dataset, order.batch, order.reason, id, limit]
        ).map { row in
            var fields = row.fields
            return (try fields.next("id"), try fields.next("mapping"))
        }
    }

    /// The largest size of all texts on a page of dead letters. A single one may have 1 MiB.
    private static let pageBytes = 8 << 20

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func deadLetters(
        _ query: DeadLetterQuery, _ page: PageRequest<StoredDeadLetter>
    ) async throws -> Page<StoredDeadLetter> {
        let parameters: [any PostgresEncodable] = [
            query.dataset, query.batch, query.reason, query.includesRemediated, page.after ?? 0, page.wanted,
            Self.pageBytes,
        ]
        var candidates = 0
        let letters = try await database.query(sql[.deadLetters], parameters).map { row in
            var fields = row.fields
            candidates = try fields.next("candidates")
            return StoredDeadLetter(
                id: try fields.next("id"), batch: try fields.next("batch"), dataset: try fields.next("dataset"),
                letter: DeadLetter(
                    rowNumber: try fields.next("row_number"), lineNumber: try fields.next("line_number"),
                    raw: try fields.next("raw"), reasonCode: try fields.next("reason"),
                    detail: try fields.next("detail")),
                remediated: try fields.next("remediated_at"))
        }
        return Page(letters, of: page, isCut: candidates > letters.count)
    }

    private func find(id: Int64?, dataset: Slug?, after: Int64?, limit: Int) async throws -> [IngestBatch] {
        let parameters: [any PostgresEncodable] = [id, dataset, after, limit]
        return try await database.query(sql[.batches], parameters).map { row in
            var fields = row.fields
            return IngestBatch(
                id: try fields.next("id"), dataset: try fields.next("dataset"), source: try fields.next("source"),
                sha256: try fields.next("sha256"), mapping: try fields.next("mapping"),
                state: try fields.next("state"), counts: try Self.counts(&fields),
                warnings: try BatchWarnings.read(try fields.next("warnings")), error: try fields.next("error"),
                started: try fields.next("started_at"), finished: try fields.next("finished_at"),
                quality: try Self.quality(&fields))
        }
    }

    /// The quality of a batch without its counts; `nil` where its fields were not counted.
    private static func quality(_ fields: inout PostgresFields) throws(PostgresError) -> BatchQuality? {
        var scores = QualityScores()
        scores.fields = try fields.next("fields")
        scores.blankFields = try fields.next("blank_fields")
        let newest: Instant? = try fields.next("newest_event")
        scores.ageDays = try fields.next("age_days")
        if let days: Int = try fields.next("fresh_days") { scores.freshDays = days }
        let future: Int = try fields.next("future_events")
        let blanks: [String: Int] = try JSONText.numbers(try fields.next("blanks"))
        let remedies = RemedyCounts(try JSONText.numbers(try fields.next("remedies")))
        let findings = try BatchFindings.read(try fields.next("findings"))
        guard scores.fields != nil else { return nil }
        return BatchQuality(
            scores: scores, newestEvent: newest, futureEvents: future, blanks: blanks, remedies: remedies,
            findings: findings)
    }

    private static func counts(_ fields: inout PostgresFields) throws(PostgresError) -> IngestCounts {
        var counts = IngestCounts()
        counts.received = try fields.next("received")
        counts.accepted = try fields.next("accepted")
        counts.duplicate = try fields.next("duplicate")
        counts.rejected = try fields.next("rejected")
        counts.filtered = try fields.next("filtered")
        counts.rejects = try fields.next("rejected_by_reason", as: String?.self).map(BatchReasons.read)
        counts.deadLettersOmitted = try fields.next("dead_letters_omitted")
        return counts
    }
}
