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
