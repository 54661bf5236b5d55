/// A job that a worker has claimed.
struct ClaimedJob: Sendable {
    let lease: JobLease
    let job: Job
    /// The number of this attempt, counted from 1.
    let attempt: Int
    let maxAttempts: Int
    /// Whether an earlier attempt wrote all scores.
    let isScored: Bool
}
