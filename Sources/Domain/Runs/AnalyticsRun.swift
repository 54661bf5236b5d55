/// A scoring run or a refresh, and its state.
package struct AnalyticsRun: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case queued
        case running
        case finished
        case failed
        case cancelled

        /// Whether the state is final.
        package var isFinal: Bool { self != .queued && self != .running }
    }

    package var id: Int64
    /// Whether the run belongs to a job, and not to a command.
    package var isJob: Bool
    /// Name of a kind of job.
    package var kind: String
    /// The dataset; `nil` for a refresh, which is of all datasets.
    package var dataset: Slug?
    package var resolutions: [Int]
    /// The first day; if none was requested, `nil` until the run begins.
    package var from: LocalDay?
    package var to: LocalDay?
    package var normalization: String
    package var refresh: Bool
    package var state: State
    /// The progress from 0 to 1.
    package var progress: Double
    /// How many times a worker began it.
    package var attempts: Int
    /// The number of events read and of rows written.
    package var events: Int
    package var rows: Int
    /// Why the last attempt failed.
    package var error: String?
    package var createdAt: Instant
    package var startedAt: Instant?
    package var finishedAt: Instant?
    /// The cause of the run, for operators; `nil` when that is not known.
    package var trigger: String?

    package init(
        id: Int64, isJob: Bool = true, kind: String, dataset: Slug?, resolutions: [Int], from: LocalDay? = nil,
        to: LocalDay? = nil, normalization: String = Normalization.minmax.rawValue, refresh: Bool = false,
        state: State = .queued, progress: Double = 0, attempts: Int = 0, events: Int = 0, rows: Int = 0,
        error: String? = nil, createdAt: Instant, startedAt: Instant? = nil, finishedAt: Instant? = nil,
        trigger: String? = nil
    ) {
        self.id = id
        self.isJob = isJob
        self.kind = kind
        self.dataset = dataset
        self.resolutions = resolutions
        self.from = from
        self.to = to
        self.normalization = normalization
        self.refresh = refresh
        self.state = state
        self.progress = progress
        self.attempts = attempts
        self.events = events
        self.rows = rows
        self.error = error
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.trigger = trigger
    }
}
