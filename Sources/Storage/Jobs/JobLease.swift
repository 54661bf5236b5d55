package import Postgres

/// The right to work on a job. Who takes the job over gets another token, and this one is worth nothing then.
package struct JobLease: Hashable, Sendable {
    let job: Int64
    let token: Int64

    /// Makes sure of the lease until the open transaction ends: nobody takes the job over before that.
    ///
    /// - Throws: ``LeaseLost`` when somebody has.
    package func hold(on connection: PostgresConnection) async throws {
        let held = try await connection.query(
            "SELECT FROM jobs WHERE id = $1 AND token = $2 AND state = 'running' FOR SHARE", [job, token])
        if held.count == 0 { throw LeaseLost() }
    }
}

/// Another worker has the job, or it is gone.
struct LeaseLost: Error {}
