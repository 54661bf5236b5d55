import Domain

/// The times by which workers treat jobs.
package struct JobPolicy: Sendable {
    /// How long a worker may be silent before another one takes its job over.
    package var lease: Duration
    /// How often a worker renews its lease and reports its progress. Much shorter than `lease`.
    package var beat: Duration
    /// How often an idle worker looks for jobs, in case a notification was lost.
    package var poll: Duration
    package var retry: RetryPolicy
    /// How long a finished job and its key are kept.
    package var retention: Duration

    package init(
        lease: Duration = .seconds(30), beat: Duration = .seconds(2), poll: Duration = .seconds(5),
        retry: RetryPolicy = RetryPolicy(), retention: Duration = .days(30)
    ) {
        self.lease = lease
        self.beat = beat
        self.poll = poll
        self.retry = retry
        self.retention = retention
    }
}
