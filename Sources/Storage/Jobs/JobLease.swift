package import Postgres

/// The right to work on a job. Who takes the job over gets another token, and this one is worth nothing then.
package struct JobLease: Hashable, Sendable {
    let job: Int64
    let token: Int64

    /// Makes sure of the lease until the open transaction ends: nobody takes the job over or cancels it before that.
    ///
    /// - Throws: ``LeaseLost`` when somebody has taken it over, ``JobCancelled`` when it is to be cancelled.
    package func hold(on connection: PostgresConnection) async throws {
        let held = try await connection.query(
            """
            SELECT cancel_requested_at IS NOT NULL FROM jobs WHERE id = $1 AND token = $2 AND state = 'running' FOR SHARE
            """, [job, token])
        guard let row = held.first else { throw LeaseLost() }
        if try row.get(0) { throw JobCancelled() }
    }
}

/// Another worker has the job, or it is gone.
struct LeaseLost: Error {}

/// The job is to be cancelled, and writes nothing any more.
struct JobCancelled: Error {}
