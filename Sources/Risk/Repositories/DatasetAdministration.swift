/// Changes datasets; every change is in effect on all servers as soon as it is made.
package protocol DatasetAdministration: Sendable {
    /// Adds a dataset or brings its description up to date.
    /// - Returns: Whether it was added.
    /// - Throws: ``DatasetRefusal``.
    func put(_ dataset: Dataset) async throws -> Bool

    /// Deletes a dataset with its events, batches, dead letters, runs and scores, at once or not at all.
    /// - Throws: ``DatasetRefusal``.
    func delete(_ slug: String) async throws -> DeletedDataset
}

/// What went with a dataset.
package struct DeletedDataset: Hashable, Sendable {
    package let events: Int
    package let batches: Int

    package init(events: Int, batches: Int) {
        self.events = events
        self.batches = batches
    }
}

/// Why a dataset is not changed, for the person who asked.
package struct DatasetRefusal: Error, CustomStringConvertible {
    /// Somebody else works with it right now.
    package let isBusy: Bool
    package let description: String

    package init(isBusy: Bool, _ description: String) {
        self.isBusy = isBusy
        self.description = description
    }
}
