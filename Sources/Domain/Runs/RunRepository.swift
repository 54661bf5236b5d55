/// The scoring runs and refreshes that clients ask for.
package protocol RunRepository: Sendable {
    /// Queues a run and returns its record.
    ///
    /// - Parameters:
    ///   - requester: The account whose right to the dataset must last until the run is over; `nil` for none.
    ///   - key: An idempotency key. The same key of the same requester gives the same run, however often it is sent.
    ///     For another requester or kind of run it is another key.
    /// - Throws: ``RunKeyTaken`` when the key was used for another run.
    func start(_ order: RunOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun

    /// Queues a refresh of the served view and returns its record.
    ///
    /// The parameters are those of ``start(_:by:key:)``. The requester must be an administrator.
    func refresh(by requester: Requester?, key: String?) async throws -> AnalyticsRun

    /// Queues a job that reads dead letters again, and returns its record.
    ///
    /// The parameters are those of ``start(_:by:key:)``.
    func remediate(_ order: RemediationOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun

    func run(_ id: Int64) async throws -> AnalyticsRun?

    /// A page of runs, the newest first.
    func runs(_ query: RunQuery, _ page: PageRequest<AnalyticsRun>) async throws -> Page<AnalyticsRun>

    /// Cancels a waiting run at once, and asks the worker of a running one to stop.
    ///
    /// - Returns: The run after that; `nil` when there is none.
    func cancel(_ id: Int64) async throws -> AnalyticsRun?
}

/// The parameters of a scoring run.
package struct RunOrder: Hashable, Sendable {
    package var dataset: Slug
    /// The H3 resolutions, ascending, at least one.
    package var resolutions: [Int]
    /// The first and last day; `nil` for the day of the first or last event when the run begins.
    package var from: LocalDay?
    package var to: LocalDay?
    package var normalization: Normalization
    /// Whether the view is refreshed after scoring.
    package var refresh: Bool
    /// Whether the outlook at these resolutions is made after scoring.
    package var outlook: Bool

    package init(
        dataset: Slug, resolutions: [Int], from: LocalDay? = nil, to: LocalDay? = nil,
        normalization: Normalization = .minmax, refresh: Bool = true, outlook: Bool = false
    ) {
        self.dataset = dataset
        self.resolutions = resolutions
        self.from = from
        self.to = to
        self.normalization = normalization
        self.refresh = refresh
        self.outlook = outlook
    }
}

package struct RunQuery: Hashable, Sendable {
    /// The datasets whose runs are visible.
    package var visible: DatasetScope
    package var dataset: Slug?
    package var state: AnalyticsRun.State?

    package init(visible: DatasetScope = .all, dataset: Slug? = nil, state: AnalyticsRun.State? = nil) {
        self.visible = visible
        self.dataset = dataset
        self.state = state
    }
}

/// The idempotency key was used for another run.
package struct RunKeyTaken: Error {
    package init() {}
}
