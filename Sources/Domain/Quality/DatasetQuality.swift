/// The quality of a dataset: scores of its last batches together, their findings, and how they changed.
package struct DatasetQuality: Sendable {
    /// How many of the newest batches the scores are about.
    package static let scoredBatches = 100
    /// How many batches, findings and months are listed.
    package static let listedBatches = 20
    package static let listedFindings = 100
    package static let listedMonths = 12

    /// A finding and the batch that it is about.
    package struct Finding: Hashable, Sendable {
        package var batch: Int64
        package var found: Instant
        package var finding: QualityFinding

        package init(batch: Int64, found: Instant, finding: QualityFinding) {
            self.batch = batch
            self.found = found
            self.finding = finding
        }
    }

    /// The batches that ended in a month, in UTC.
    package struct Month: Hashable, Sendable {
        /// The month as in `2026-11`.
        package var month: String
        package var batches: Int
        package var findings: Int
        package var scores: QualityScores

        package init(month: String, batches: Int, findings: Int, scores: QualityScores) {
            self.month = month
            self.batches = batches
            self.findings = findings
            self.scores = scores
        }
    }

    package var scores = QualityScores()
    /// How many batches the scores are about.
    package var batchCount = 0
    package var newestEvent: Instant?
    /// Rejected records of these batches that have not become events, by reason.
    package var rejects = RejectCounts()
    package var remedies = RemedyCounts()
    package var blanks: [String: Int] = [:]
    /// The newest findings first.
    package var findings: [Finding] = []
    /// The newest batches first.
    package var batches: [IngestBatch] = []
    /// The newest month first.
    package var trend: [Month] = []

    package init() {}
}

/// The figures of a batch's quality.
package struct BatchQuality: Hashable, Sendable {
    package var scores: QualityScores
    package var newestEvent: Instant?
    package var futureEvents: Int
    /// The blank fields by the column of their attribute.
    package var blanks: [String: Int]
    package var remedies: RemedyCounts
    package var findings: [QualityFinding]

    package init(
        scores: QualityScores = QualityScores(), newestEvent: Instant? = nil, futureEvents: Int = 0,
        blanks: [String: Int] = [:], remedies: RemedyCounts = RemedyCounts(), findings: [QualityFinding] = []
    ) {
        self.scores = scores
        self.newestEvent = newestEvent
        self.futureEvents = futureEvents
        self.blanks = blanks
        self.remedies = remedies
        self.findings = findings
    }
}

/// The quality of datasets.
package protocol QualityRepository: Sendable {
    /// The quality of a dataset that exists; without batches it has no scores.
    func quality(of dataset: Slug) async throws -> DatasetQuality
}
