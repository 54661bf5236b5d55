import Domain
import Logging
import Postgres
import Storage
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Jobs
@testable import Work

/// The retention of finished jobs.
@Suite(migratedDatabase(), .serialized)
struct JobRetentionTests {
    private static func age(_ run: Int64, days: Int) async throws {
        try await withConnection { connection in
            try await connection.query(
                """
                UPDATE jobs SET finished_at = now() - make_interval(days => $2::int)
                FROM analytics_runs r WHERE r.job = jobs.id AND r.id = $1
                """, [run, days])
        }
    }

    @Test func jobsThatAreOverForLongAreDeletedAndRunsThatScoredStay() async throws {
        try await withQueue { queue in
            let old = try await queue.enqueueScore("pruned", key: "old")
            let oldRefresh = try await queue.enqueue(.refresh, key: "old refresh").run
            for _ in 0..<2 {
                let claimed = try #require(try await queue.claimNow())
                try await queue.settle(claimed.lease, .finished)
            }
            for run in [old, oldRefresh] { try await Self.age(run, days: 31) }
            let young = try await queue.enqueueScore("pruned", key: "young")
            let claimed = try #require(try await queue.claimNow())
            try await queue.settle(claimed.lease, .failed("no"))
            try await Self.age(young, days: 29)
            let waiting = try await queue.enqueueScore("pruned", key: "waiting")

            try await queue.prune(olderThan: .seconds(30 * 86_400))
            let keys = "SELECT string_agg(key, ' ' ORDER BY key) FROM jobs WHERE key <> 'by a worker'"
            #expect(try await value(keys) == "waiting young")
            #expect(try await storedRun(old)?.state == .finished)
            #expect(try await storedRun(oldRefresh) == nil)
            #expect(try await storedRun(young)?.state == .failed)
            #expect(try await storedRun(waiting)?.state == .queued)
            try await queue.cancel(run: waiting)
            // The key is free again.
            #expect(try await queue.enqueue(.refresh, key: "old").isNew)
        }
    }

    @Test func aWorkerDeletesThem() async throws {
        let run = try await withQueue { queue in
            let run = try await queue.enqueue(.refresh, key: "by a worker").run
            let claimed = try #require(try await queue.claimNow())
            try await queue.settle(claimed.lease, .finished)
            return run
        }
        try await Self.age(run, days: 3)
        let sql = try Checkout.sql()
        var policy = JobPolicy(poll: .milliseconds(20))
        policy.retention = .seconds(2 * 86_400)
        let worker = JobWorker(
            TestDatabase.options, sql: sql, slots: 1, policy: policy, logger: Logger(label: "test")
        ) { _, _ in }
        let working = Task { try await worker.run() }
        while try await storedRun(run) != nil { try await Task.sleep(for: .milliseconds(20)) }
        working.cancel()
        _ = await working.result
    }
}
