/// Scoring runs, as people ask for them and watch them.
package protocol RunRepository: Sendable {
    /// Queues a run and tells its record.
    ///
    /// - Parameters:
    ///   - requester: whose right to the dataset has to last until the run is over; `nil` is nobody's.
    ///   - key: the same key of the same requester gives the same run, however often it is asked for. For others, and
    ///     for another kind of run, it is another key.
    /// - Throws: ``RunKeyTaken`` when the key stands for another order.
    func start(_ order: RunOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun

    /// Queues a refresh of the view, which serves what was scored, and tells its record.
    ///
    /// Its parameters are those of ``start(_:by:key:)``; the right is that of an administrator.
    func refresh(by requester: Requester?, key: String?) async throws -> AnalyticsRun

    func run(_ id: Int64) async throws -> AnalyticsRun?

    /// At most `query.limit` runs, the newest first, after `query.after`.
    func runs(_ query: RunQuery) async throws -> [AnalyticsRun]

    /// Cancels a run that waits at once, and asks the worker of one that runs to stop.
    ///
    /// - Returns: the run as it is then; `nil` when there is none.
    func cancel(_ id: Int64) async throws -> AnalyticsRun?
}

/// What is to be scored.
package struct RunOrder: Hashable, Sendable {
    /// Slug of a dataset.
    package var dataset: String
    /// H3 resolutions, ascending, at least one.
    package var resolutions: [Int]
    /// First and last day; where one is `nil`, that of the first or last event when the run begins.
    package var from: LocalDay?
    package var to: LocalDay?
    package var normalization: Normalization
    /// Whether the outcome is served as soon as it is scored.
    package var refresh: Bool

    package init(
        dataset: String, resolutions: [Int], from: LocalDay? = nil, to: LocalDay? = nil,
        normalization: Normalization = .minmax, refresh: Bool = true
    ) {
        self.dataset = dataset
        self.resolutions = resolutions
        self.from = from
        self.to = to
        self.normalization = normalization
        self.refresh = refresh
    }
}

package struct RunQuery: Hashable, Sendable {
    /// The datasets whose runs may be seen.
    package var visible: DatasetScope
    package var dataset: String?
    package var state: AnalyticsRun.State?
    /// Keyset: only runs with a smaller id.
    package var after: Int64?
    package var limit: Int

    package init(
        visible: DatasetScope = .all, dataset: String? = nil, state: AnalyticsRun.State? = nil, after: Int64? = nil,
        limit: Int
    ) {
        self.visible = visible
        self.dataset = dataset
        self.state = state
        self.after = after
        self.limit = limit
    }
}

/// The key of a run stands for another order.
package struct RunKeyTaken: Error {
    package init() {}
}
