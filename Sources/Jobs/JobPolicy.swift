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

/// Whether and when a failed job is tried again.
package struct RetryPolicy: Sendable {
    /// The pause before the second attempt. It doubles with each attempt.
    package var first: Duration
    package var longest: Duration
    /// The pause before a job looks again when another process does the same work.
    package var whenBusy: Duration

    package init(
        first: Duration = .seconds(5), longest: Duration = .seconds(600), whenBusy: Duration = .seconds(2)
    ) {
        self.first = first
        self.longest = longest
        self.whenBusy = whenBusy
    }

    /// The pause after an attempt, counted from 1: `first` x 2^(attempt - 1), at most `longest`.
    package func pause(after attempt: Int) -> Duration {
        // Above 2^30 the product could overflow, and it is above any limit anyway.
        min(longest, first * (1 << min(30, max(0, attempt - 1))))
    }
}
