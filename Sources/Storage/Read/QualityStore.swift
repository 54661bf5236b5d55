package import Domain
import Postgres

/// The quality of datasets.
package struct QualityStore: QualityRepository {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func quality(of dataset: Slug) async throws -> DatasetQuality {
        var quality = DatasetQuality()
        var fields = try await database.query(
            sql[.qualityTotals], [dataset, DatasetQuality.scoredBatches])[0].fields
        quality.batchCount = try fields.next("batches")
        quality.scores.received = try fields.next("received")
        quality.scores.rejected = try fields.next("rejected")
        quality.scores.fields = try fields.next("fields")
        quality.scores.blankFields = try fields.next("blank_fields")
        quality.newestEvent = try fields.next("newest_event")
        quality.scores.ageDays = try fields.next("age_days")
        if let days: Int = try fields.next("fresh_days") { quality.scores.freshDays = Int(days) }
        quality.rejects = try BatchReasons.read(try fields.next("rejects"))
        quality.remedies = RemedyCounts(try JSONText.numbers(try fields.next("remedies")))
        quality.blanks = try JSONText.numbers(try fields.next("blanks"))
        quality.trend = try await trend(of: dataset)
        quality.findings = try await findings(of: dataset)
        quality.batches = try await IngestRecords(database, sql: sql)
            .batches(of: dataset, PageRequest(limit: DatasetQuality.listedBatches)).rows
        return quality
    }

    private func trend(of dataset: Slug) async throws -> [DatasetQuality.Month] {
        try await database.query(sql[.qualityTrend], [dataset, DatasetQuality.listedMonths]).map { row in
            var fields = row.fields
            let month: String = try fields.next("month")
            let batches: Int = try fields.next("batches")
            let findings: Int = try fields.next("findings")
            var scores = QualityScores()
            scores.received = try fields.next("received")
            scores.rejected = try fields.next("rejected")
            scores.fields = try fields.next("fields")
            scores.blankFields = try fields.next("blank_fields")
            scores.ageDays = try fields.next("age_days")
            if let days: Int = try fields.next("fresh_days") { scores.freshDays = days }
            return DatasetQuality.Month(month: month, batches: batches, findings: findings, scores: scores)
        }
    }

    private func findings(of dataset: Slug) async throws -> [DatasetQuality.Finding] {
        try await database.query(sql[.qualityFindings], [dataset, DatasetQuality.listedFindings]).compactMap { row in
            var fields = row.fields
            let batch: Int64 = try fields.next("batch")
            let found: Instant = try fields.next("finished_at")
            let check = QualityFinding.Check(rawValue: try fields.next("kind"))
            let column: String? = try fields.next("attribute")
            let message: String = try fields.next("message")
            return check.map {
                DatasetQuality.Finding(
                    batch: batch, found: found, finding: QualityFinding($0, column: column, message))
            }
        }
    }
}
