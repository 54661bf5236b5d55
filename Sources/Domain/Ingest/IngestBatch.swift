/// A batch: its file, its state and its counts.
package struct IngestBatch: Hashable, Sendable {
    package var id: Int64
    package var dataset: Slug
    package var source: String
    /// The SHA-256 of the file's content, in hexadecimal.
    package var sha256: String
    package var mapping: String
    /// The state: `running`, `finished` or `failed`.
    package var state: String
    package var counts: IngestCounts
    /// Remarks for the sender, each a sentence.
    package var warnings: [String]
    package var error: String?
    package var started: Instant
    package var finished: Instant?
    /// The scores and findings of a finished batch; `nil` for one from before they were kept.
    package var quality: BatchQuality?

    package init(
        id: Int64, dataset: Slug, source: String, sha256: String, mapping: String, state: String,
        counts: IngestCounts, warnings: [String] = [], error: String?, started: Instant, finished: Instant?,
        quality: BatchQuality? = nil
    ) {
        self.id = id
        self.dataset = dataset
        self.source = source
        self.sha256 = sha256
        self.mapping = mapping
        self.state = state
        self.counts = counts
        self.warnings = warnings
        self.error = error
        self.started = started
        self.finished = finished
        self.quality = quality
        // The counts change when dead letters become events.
        self.quality?.scores.received = counts.received
        self.quality?.scores.rejected = counts.rejected
    }
}
