/// The datasets, and the extent of each in the served view.
package protocol DatasetRepository: Sendable {
    /// A page of the datasets of the scope by slug, with the extent of their served rows.
    func datasets(_ scope: DatasetScope, _ page: PageRequest<DatasetStatus>) async throws -> Page<DatasetStatus>

    /// The dataset of the scope with the most events that are served, the first by slug among equals; `nil` when there
    /// is none.
    func usual(of scope: DatasetScope) async throws -> DatasetStatus?
}

extension DatasetRepository {
    /// The first dataset of the scope, for repositories that do not know how many events are served of each.
    package func usual(of scope: DatasetScope) async throws -> DatasetStatus? {
        try await first(scope)
    }

    /// The dataset with a slug; `nil` when there is none.
    package func status(of slug: Slug) async throws -> DatasetStatus? {
        try await first(DatasetScope(.none, named: [slug]))
    }

    /// The first dataset of the scope by slug; `nil` when there is none.
    package func first(_ scope: DatasetScope) async throws -> DatasetStatus? {
        try await datasets(scope, PageRequest(limit: 1)).rows.first
    }
}

/// A dataset and the extent of its rows in the served view.
package struct DatasetStatus: Hashable, Sendable {
    package var dataset: Dataset
    /// The first and last scored day in the served view; `nil` when there is none.
    package var days: ClosedRange<LocalDay>?
    /// The box around all served cells; `nil` when there is none.
    package var bounds: BoundingBox?
    /// The days up to which there is an outlook in the served view, the newest first.
    package var outlookDays: [LocalDay]
    /// The generation of the served view, which every change of it raises by one.
    package var generation: Int64
    /// The generation of the last refresh that served the dataset.
    package var refreshed: Int64
    /// The newest generation that changed what is served of the dataset: its last refresh, or a live day after it.
    package var changed: Int64
    /// The days and the box of what readers without the right to small counts see; `nil` when that is nothing.
    package var disclosedDays: ClosedRange<LocalDay>?
    package var disclosedBounds: BoundingBox?
    /// The limit to what the reader of this status may know of small counts.
    package internal(set) var disclosure = Disclosure.exact

    package init(
        dataset: Dataset, days: ClosedRange<LocalDay>?, bounds: BoundingBox?, outlookDays: [LocalDay] = [],
        generation: Int64, refreshed: Int64? = nil, changed: Int64? = nil,
        disclosedDays: ClosedRange<LocalDay>? = nil, disclosedBounds: BoundingBox? = nil
    ) {
        self.dataset = dataset
        self.days = days
        self.bounds = bounds
        self.outlookDays = outlookDays
        self.generation = generation
        self.refreshed = refreshed ?? generation
        self.changed = changed ?? generation
        self.disclosedDays = disclosedDays
        self.disclosedBounds = disclosedBounds
    }
}
