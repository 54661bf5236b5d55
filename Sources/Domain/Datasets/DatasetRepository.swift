/// The datasets, and the extent of each in the served view.
package protocol DatasetRepository: Sendable {
    /// At most `limit` datasets of the scope by slug, with the extent of their served rows.
    /// - Parameter after: The slug after which the page begins.
    func datasets(_ scope: DatasetScope, after: Slug?, limit: Int) async throws -> [DatasetStatus]
}

extension DatasetRepository {
    /// The dataset with a slug; `nil` when there is none.
    package func status(of slug: Slug) async throws -> DatasetStatus? {
        try await datasets(DatasetScope(.none, named: [slug]), after: nil, limit: 1).first
    }
}

/// A dataset and the extent of its rows in the served view.
package struct DatasetStatus: Hashable, Sendable {
    package var dataset: Dataset
    /// The first and last scored day in the served view; `nil` when there is none.
    package var days: ClosedRange<LocalDay>?
    /// The box around all served cells; `nil` when there is none.
    package var bounds: BoundingBox?
    /// The generation of the served view, which every refresh raises by one.
    package var generation: Int64

    package init(dataset: Dataset, days: ClosedRange<LocalDay>?, bounds: BoundingBox?, generation: Int64) {
        self.dataset = dataset
        self.days = days
        self.bounds = bounds
        self.generation = generation
    }
}
