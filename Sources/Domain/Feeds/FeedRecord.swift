/// One run of a feed, as it is recorded.
package struct FeedRunRecord: Hashable, Sendable {
    /// A part that could not be read or stored.
    package struct Failure: Hashable, Sendable, Codable {
        package var part: String
        /// The label `error` of the metric `feed_errors_total`.
        package var code: String
        package var problem: String
        /// Whether the same may succeed at another time with nothing changed here.
        package var isTemporary: Bool

        package init(part: String, code: String, problem: String, isTemporary: Bool) {
            self.part = part
            self.code = code
            self.problem = problem
            self.isTemporary = isTemporary
        }
    }

    package var id: Int64
    /// The run of its job under `/v1/analytics/runs`; `nil` for that of a command.
    package var run: Int64?
    package var trigger: String
    package var state: AnalyticsRun.State
    /// Why the run ended before its parts were read.
    package var error: String?
    /// How many parts the source offered, and how many of them were read.
    package var offered: Int
    package var read: Int
    package var requests: Int
    package var batches: Int
    /// Rows that became events, were there already and were rejected; events that are gone from the source.
    package var accepted: Int
    package var duplicate: Int
    package var rejected: Int
    package var removed: Int
    /// Sentences that a person should know.
    package var findings: [String]
    package var failures: [Failure]
    package var started: Instant
    package var finished: Instant?
    /// The run that scores what this one brought.
    package var scoreRun: Int64?

    package init(
        id: Int64, run: Int64?, trigger: String, state: AnalyticsRun.State, error: String? = nil, offered: Int = 0,
        read: Int = 0, requests: Int = 0, batches: Int = 0, accepted: Int = 0, duplicate: Int = 0, rejected: Int = 0,
        removed: Int = 0, findings: [String] = [], failures: [Failure] = [], started: Instant,
        finished: Instant? = nil, scoreRun: Int64? = nil
    ) {
        self.id = id
        self.run = run
        self.trigger = trigger
        self.state = state
        self.error = error
        self.offered = offered
        self.read = read
        self.requests = requests
        self.batches = batches
        self.accepted = accepted
        self.duplicate = duplicate
        self.rejected = rejected
        self.removed = removed
        self.findings = findings
        self.failures = failures
        self.started = started
        self.finished = finished
        self.scoreRun = scoreRun
    }
}

/// The state of a feed.
package struct FeedRecord: Hashable, Sendable {
    package var feed: Slug
    package var dataset: Slug
    /// Whether the dataset exists; it may be added by the first run.
    package var hasDataset: Bool
    /// How many parts are held, when one was read last, and the newest event that came.
    package var parts: Int
    package var lastRead: Instant?
    package var newestEvent: Instant?
    /// Rows since ever that became events or were rejected.
    package var accepted: Int
    package var rejected: Int
    /// The end of the newest run in which no part failed.
    package var lastSuccess: Instant?
    package var lastRun: FeedRunRecord?

    package init(
        feed: Slug, dataset: Slug, hasDataset: Bool = true, parts: Int = 0, lastRead: Instant? = nil,
        newestEvent: Instant? = nil,
        accepted: Int = 0, rejected: Int = 0, lastSuccess: Instant? = nil, lastRun: FeedRunRecord? = nil
    ) {
        self.feed = feed
        self.dataset = dataset
        self.hasDataset = hasDataset
        self.parts = parts
        self.lastRead = lastRead
        self.newestEvent = newestEvent
        self.accepted = accepted
        self.rejected = rejected
        self.lastSuccess = lastSuccess
        self.lastRun = lastRun
    }
}

/// State of a feed part: what is held of it.
package struct FeedCheckpointRecord: Hashable, Sendable {
    package var part: String
    /// The source's version of the part.
    package var version: String
    /// Where its reading goes on, as the kind of source writes it: JSON.
    package var state: String
    /// The last batch of the part, and its rows.
    package var batch: Int64?
    package var rows: Int
    package var read: Instant

    package init(part: String, version: String, state: String, batch: Int64?, rows: Int, read: Instant) {
        self.part = part
        self.version = version
        self.state = state
        self.batch = batch
        self.rows = rows
        self.read = read
    }
}
