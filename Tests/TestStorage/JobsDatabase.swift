package import Domain
import Jobs
import Postgres
package import Storage
import TestDatabase
import TestDomain

/// Runs `body` with a queue on a connection of its own.
package func withQueue<Output: Sendable>(_ body: (JobQueue) async throws -> Output) async throws -> Output {
    let sql = try Checkout.sql()
    return try await withConnection { try await body(JobQueue($0, sql: sql)) }
}

extension JobQueue {
    /// Queues a scoring job of the dataset, and creates the dataset.
    @discardableResult
    package func enqueueScore(_ slug: Slug, key: String? = nil, maxAttempts: Int = 5, refresh: Bool = false)
        async throws
        -> Int64
    {
        _ = try await Dataset.stored(slug)
        let order = RunOrder(dataset: slug, resolutions: [7], refresh: refresh)
        return try await enqueue(.score(order), key: key, maxAttempts: maxAttempts).run
    }

    package func claimNow(_ worker: String = "a worker") async throws -> ClaimedJob? {
        try await claim(worker: worker, lease: .seconds(60), kinds: [.score, .refresh])
    }
}

/// The run as it is stored.
package func storedRun(_ id: Int64) async throws -> AnalyticsRun? {
    let sql = try Checkout.sql()
    return try await withConnection { try await RunStore($0, writers: $0, sql: sql).run(id) }
}

/// Waits until the run is as wanted, and returns it.
package func storedRun(_ id: Int64, until isWanted: (AnalyticsRun) -> Bool) async throws -> AnalyticsRun {
    while true {
        if let run = try await storedRun(id), isWanted(run) { return run }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// Makes the lease of a running job expire.
package func letLeaseExpire(_ lease: JobLease) async throws {
    try await withConnection { connection in
        try await connection.query(
            "UPDATE jobs SET leased_until = now() - interval '1 second' WHERE id = $1", [lease.job])
    }
}

/// Waits until the run is over, and returns it.
package func endedRun(_ id: Int64) async throws -> AnalyticsRun {
    try await storedRun(id) { $0.state.isFinal }
}
