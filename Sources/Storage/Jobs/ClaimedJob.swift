package import Jobs

/// A job that a worker has claimed.
package struct ClaimedJob: Sendable {
    package let lease: JobLease
    package let job: Job
    /// The number of this attempt, counted from 1.
    package let attempt: Int
    package let maxAttempts: Int
    /// Whether an earlier attempt wrote all scores.
    package let isScored: Bool
}
