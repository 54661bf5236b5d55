/// Changes datasets. Every change takes effect on all servers at once.
package protocol DatasetAdministration: Sendable {
    /// Adds a dataset or updates its description.
    /// - Returns: Whether it was added.
    /// - Throws: ``DatasetRefusal`` when the description is refused.
    func put(_ dataset: Dataset) async throws -> Bool

    /// Deletes a dataset with its events, batches, dead letters, runs and scores, completely or not at all.
    /// - Throws: ``DatasetRefusal`` when somebody works with it, or there is none.
    func delete(_ slug: Slug) async throws -> DeletedDataset
}

/// The number of events and batches that were deleted with a dataset.
package struct DeletedDataset: Hashable, Sendable {
    package let events: Int
    package let batches: Int

    package init(events: Int, batches: Int) {
        self.events = events
        self.batches = batches
    }
}

/// Why a dataset was not changed, in words for the person who asked.
package struct DatasetRefusal: Error, CustomStringConvertible {
    /// Whether an ingest or a run of the dataset is under way.
    package let isBusy: Bool
    package let description: String

    package init(isBusy: Bool, _ description: String) {
        self.isBusy = isBusy
        self.description = description
    }
}
