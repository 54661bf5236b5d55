/// Which datasets there are, and what of them is in the served view.
package protocol DatasetRepository: Sendable {
    /// At most `limit` datasets of the scope with the extent of their served rows, ordered by slug.
    /// - Parameter after: Keyset: only those after this slug.
    func datasets(_ scope: DatasetScope, after: String?, limit: Int) async throws -> [DatasetStatus]
}

extension DatasetRepository {
    /// The dataset of a slug; `nil` when there is none.
    package func status(of slug: String) async throws -> DatasetStatus? {
        try await datasets(DatasetScope(.none, named: [slug]), after: nil, limit: 1).first
    }
}

/// A dataset and the extent of what is served of it.
package struct DatasetStatus: Hashable, Sendable {
    package var dataset: Dataset
    /// First and last scored day in the served view; `nil` when there is none.
    package var days: ClosedRange<LocalDay>?
    /// Box around all served cells; `nil` when there is none.
    package var bounds: BoundingBox?
    /// Version of the served view; it grows by one with every refresh.
    package var generation: Int64

    package init(dataset: Dataset, days: ClosedRange<LocalDay>?, bounds: BoundingBox?, generation: Int64) {
        self.dataset = dataset
        self.days = days
        self.bounds = bounds
        self.generation = generation
    }
}
