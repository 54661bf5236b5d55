/// How workers treat jobs.
package struct JobPolicy: Sendable {
    /// How long a worker may be silent before another one takes its job.
    package var lease: Duration
    /// How often a worker tells that it is alive and how far it has come. Well below `lease`.
    package var beat: Duration
    /// How often an idle worker looks, besides being told.
    package var poll: Duration
    package var retry: RetryPolicy
    /// How long a job is kept that is over, and its key known.
    package var retention: Duration

    package init(
        lease: Duration = .seconds(30), beat: Duration = .seconds(2), poll: Duration = .seconds(5),
        retry: RetryPolicy = RetryPolicy(), retention: Duration = .seconds(30 * 86_400)
    ) {
        self.lease = lease
        self.beat = beat
        self.poll = poll
        self.retry = retry
        self.retention = retention
    }
}
