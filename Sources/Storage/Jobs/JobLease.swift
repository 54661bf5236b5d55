package import Jobs
package import Postgres

/// The right to work on a job. A worker that takes the job over gets another token, and this one becomes invalid.
package struct JobLease: Hashable, Sendable {
    package let job: Int64
    package let token: Int64

    /// Makes sure that the lease lasts until the open transaction ends: nobody takes the job over or cancels it before
    /// that.
    ///
    /// - Throws: ``LeaseLost`` when another worker has taken the job over, ``JobCancelled`` when the job is to be
    ///   cancelled; `PostgresError`.
    package func hold(on connection: PostgresConnection) async throws {
        let held = try await connection.query(
            """
            SELECT cancel_requested_at IS NOT NULL FROM jobs
            WHERE id = $1 AND token = $2 AND state = 'running' FOR SHARE
            """, [job, token])
        guard let row = held.first else { throw LeaseLost() }
        if try row.get(0) { throw JobCancelled() }
    }
}

/// Another worker has taken the job over, or the job was deleted.
package struct LeaseLost: Error {}

/// The job is to be cancelled and must not write any more.
package struct JobCancelled: Error {}

/// A job that a worker has claimed.
package struct ClaimedJob: Sendable {
    package let lease: JobLease
    package let job: Job
    /// The number of this attempt, counted from 1.
    package let attempt: Int
    package let maxAttempts: Int
    /// Whether an earlier attempt wrote all scores.
    package let isScored: Bool
    /// The cause of the job, such as `schedule nightly` or `key feeder`; `nil` when that is not known.
    package let trigger: String?
}
