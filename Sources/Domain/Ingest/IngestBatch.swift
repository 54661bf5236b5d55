/// A batch and its counts: received = accepted + duplicate + rejected.
package struct IngestBatch: Hashable, Sendable {
    package var id: Int64
    package var dataset: Slug
    package var source: String
    /// The SHA-256 of the file's content, in hexadecimal.
    package var sha256: String
    package var mapping: String
    /// The state: `running`, `finished` or `failed`.
    package var state: String
    package var received: Int
    package var accepted: Int
    package var duplicate: Int
    package var rejected: Int
    /// Records that the mapping left out. They do not count as received.
    package var filtered: Int
    /// The rejected records by the code of their reason; nil for old batches, where they were not counted.
    package var rejectedByReason: [String: Int]?
    /// Rejected records without a dead letter, because the file had more than are kept of one.
    package var deadLettersOmitted: Int
    package var error: String?
    package var started: Instant
    package var finished: Instant?

    package init(
        id: Int64, dataset: Slug, source: String, sha256: String, mapping: String, state: String, received: Int,
        accepted: Int, duplicate: Int, rejected: Int, filtered: Int,
        rejectedByReason: [String: Int]? = nil, deadLettersOmitted: Int = 0, error: String?, started: Instant,
        finished: Instant?
    ) {
        self.id = id
        self.dataset = dataset
        self.source = source
        self.sha256 = sha256
        self.mapping = mapping
        self.state = state
        self.received = received
        self.accepted = accepted
        self.duplicate = duplicate
        self.rejected = rejected
        self.filtered = filtered
        self.rejectedByReason = rejectedByReason
        self.deadLettersOmitted = deadLettersOmitted
        self.error = error
        self.started = started
        self.finished = finished
    }
}
