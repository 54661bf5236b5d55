/// A job in the hands of a worker.
struct ClaimedJob: Sendable {
    let lease: JobLease
    let job: Job
    /// This one included.
    let attempt: Int
    let maxAttempts: Int
    /// Whether an earlier attempt wrote all scores.
    let isScored: Bool
}
