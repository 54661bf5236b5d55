/// The batches, and their dead letters.
package protocol IngestRepository: Sendable {
    func batch(_ id: Int64) async throws -> IngestBatch?

    /// A page of batches, the newest first.
    /// - Parameter dataset: The only dataset; `nil` for all.
    func batches(of dataset: Slug?, _ page: PageRequest<IngestBatch>) async throws -> Page<IngestBatch>

    /// A page of dead letters by id. It ends early where their texts are long, so that it has no more than a few MiB.
    func deadLetters(
        _ query: DeadLetterQuery, _ page: PageRequest<StoredDeadLetter>
    ) async throws -> Page<StoredDeadLetter>
}

package struct DeadLetterQuery: Hashable, Sendable {
    package var dataset: Slug?
    package var batch: Int64?
    package var reason: String?
    /// Whether letters that became events in the meantime are included.
    package var includesRemediated: Bool

    package init(
        dataset: Slug? = nil, batch: Int64? = nil, reason: String? = nil, includesRemediated: Bool = false
    ) {
        self.dataset = dataset
        self.batch = batch
        self.reason = reason
        self.includesRemediated = includesRemediated
    }
}
