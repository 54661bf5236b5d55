/// The batches, and their dead letters.
package protocol IngestRepository: Sendable {
    func batch(_ id: Int64) async throws -> IngestBatch?

    /// At most `limit` batches with ids below `after`, the newest first.
    func batches(dataset: Slug?, after: Int64?, limit: Int) async throws -> [IngestBatch]

    /// At most `query.limit` dead letters by id, after the cursor `query.after`. A page ends early where their texts
    /// are long, so that it has no more than a few MiB.
    func deadLetters(_ query: DeadLetterQuery) async throws -> DeadLetterPage
}

package struct DeadLetterQuery: Hashable, Sendable {
    package var dataset: Slug?
    package var batch: Int64?
    package var reason: String?
    /// Whether letters that became events in the meantime are included.
    package var includesRemediated: Bool
    /// The id after which the page begins.
    package var after: Int64
    package var limit: Int

    package init(
        dataset: Slug? = nil, batch: Int64? = nil, reason: String? = nil, includesRemediated: Bool = false,
        after: Int64 = 0, limit: Int
    ) {
        self.dataset = dataset
        self.batch = batch
        self.reason = reason
        self.includesRemediated = includesRemediated
        self.after = after
        self.limit = limit
    }
}

package struct DeadLetterPage: Sendable {
    package var letters: [StoredDeadLetter]
    /// Whether there is another page.
    package var hasMore: Bool

    package init(letters: [StoredDeadLetter], hasMore: Bool) {
        self.letters = letters
        self.hasMore = hasMore
    }
}
