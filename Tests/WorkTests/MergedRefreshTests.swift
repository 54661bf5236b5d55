import Domain
import Postgres
import TestDatabase
import TestDomain
import TestLog
import TestStorage
import Testing

@testable import Jobs
@testable import Storage
@testable import Work

/// Refreshes that wait are merged into one that follows.
@Suite(migratedDatabase(), .serialized, .timeLimit(.minutes(3)))
struct MergedRefreshTests {
    /// Runs `body` while a worker with one slot does the real work, and returns what it logged.
    private static func withWorker(_ body: () async throws -> Void) async throws -> [String] {
        let lines = LogLines()
        let policy = JobPolicy(
            lease: .seconds(20), beat: .milliseconds(50), poll: .milliseconds(100),
            retry: RetryPolicy(first: .milliseconds(50), longest: .milliseconds(200), whenBusy: .milliseconds(50)))
        let worker = JobWorker(
            TestDatabase.options, sql: try Checkout.sql(), slots: 1, policy: policy,
            logger: lines.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            group.cancelAll()
        }
        return lines.withMetadata
    }

    private static func generation() async throws -> Int64 { try await value("SELECT generation FROM served_view") }

    private static func filled(_ slug: Slug, _ content: Character) async throws {
        _ = try await Dataset.stored(slug)
        try await IngestStore.ofTheSuite().ingest([EventChunk([SampleEvent()])], into: slug, content: content)
    }

    @Test func manyRefreshesThatWaitAreOne() async throws {
        let before = try await Self.generation()
        let runs = try await withQueue { queue in
            var runs: [Int64] = []
            for _ in 0..<4 { runs.append(try await queue.enqueue(.refresh).run) }
            return runs
        }
        let lines = try await Self.withWorker {
            for run in runs {
                let ended = try await endedRun(run)
                #expect(ended.state == .finished)
            }
            #expect(try await Self.generation() == before + 1)
            // One that is asked for later is not served by it.
            let later = try await withQueue { try await $0.enqueue(.refresh).run }
            _ = try await endedRun(later)
            #expect(try await Self.generation() == before + 2)
        }
        #expect(lines.count { $0.contains("served by a refresh that began later") } == 3)
    }

    @Test func datasetsThatAreScoredOneAfterTheOtherAreServedByOneRefresh() async throws {
        let slugs: [Slug] = ["one", "two", "three"]
        for (slug, content) in zip(slugs, "123") { try await Self.filled(slug, content) }
        let before = try await Self.generation()
        let runs = try await withQueue { queue in
            var runs: [Int64] = []
            for slug in slugs {
                runs.append(
                    try await queue.enqueue(
                        .score(RunOrder(dataset: slug, resolutions: [7])), trigger: "schedule of \(slug)"
                    ).run)
            }
            return runs
        }
        let lines = try await Self.withWorker {
            for run in runs {
                let ended = try await endedRun(run)
                #expect(ended.state == .finished)
                #expect(ended.attempts == 1)
                #expect(ended.rows == 1)
            }
        }
        #expect(try await Self.generation() == before + 1)
        #expect(
            try await value("SELECT count(*) FROM served_datasets WHERE dataset IN ('one', 'two', 'three')") == 3)
        // Who reads the log sees which dataset a job was about, and what asked for it.
        let begun = lines.filter { $0.contains("job begins") && $0.contains("dataset=two") }
        #expect(!begun.isEmpty)
        #expect(begun.allSatisfy { $0.contains("trigger=schedule of two") && $0.contains("kind=score") })
        #expect(lines.contains { $0.contains("job ended") && $0.contains("dataset=two") })
    }

    @Test func aRefreshThatFailsServesNobodyElse() async throws {
        let before = try await Self.generation()
        let waits = try await withQueue { queue in
            let fails = try await queue.enqueue(.refresh).run
            let claimed = try #require(try await queue.claimNow())
            let waits = try await queue.enqueue(.refresh).run
            try await queue.settle(claimed.lease, .failed("no"))
            #expect(try await storedRun(fails)?.state == .failed)
            return waits
        }
        _ = try await Self.withWorker { _ = try await endedRun(waits) }
        #expect(try await Self.generation() == before + 1)
    }

    @Test func endedJobsAreCountedForEver() async throws {
        func total(_ outcome: String) async throws -> Int64 {
            try await value(
                "SELECT coalesce(sum(total), 0)::bigint FROM job_totals WHERE outcome::text = $1", [outcome])
        }
        let (finished, failed) = (try await total("finished"), try await total("failed"))
        try await withQueue { queue in
            for outcome in [JobOutcome.finished, .failed("no"), .cancelled, .retry("later", after: .seconds(3600))] {
                _ = try await queue.enqueue(.refresh)
                let claimed = try #require(try await queue.claimNow())
                try await queue.settle(claimed.lease, outcome)
            }
        }
        try await withConnection { connection in
            try await connection.query("DELETE FROM jobs WHERE state <> 'running'")
        }
        #expect(try await total("finished") == finished + 1)
        #expect(try await total("failed") == failed + 1)
    }

    @Test func aRetentionJobDeletesAndServesWhatIsLeft() async throws {
        _ = try await Dataset.stored("short")
        let old = SampleEvent(time: "2001-06-01T12:00:00Z")
        let new = SampleEvent(time: (Instant.now - .seconds(86_400)).wholeSeconds.description)
        try await IngestStore.ofTheSuite().ingest([EventChunk([old, new])], into: "short", content: "9")
        let served = "SELECT first_day FROM served_datasets WHERE dataset = 'short'"
        _ = try await Self.withWorker {
            let scored = try await withQueue {
                try await $0.enqueue(.score(RunOrder(dataset: "short", resolutions: [7]))).run
            }
            _ = try await endedRun(scored)
            #expect(try await value(served, as: LocalDay.self) == LocalDay("2001-06-01"))
            try await withConnection { connection in
                try await connection.query("UPDATE datasets SET retention_days = 365 WHERE slug = 'short'")
            }
            let expired = try await withQueue { try await $0.enqueue(.retention()).run }
            let ended = try await endedRun(expired)
            #expect(ended.state == .finished)
            #expect(ended.error == nil)
            #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'short'") == 1)
            #expect(try await value(served, as: LocalDay.self) == (Instant.now - .seconds(86_400)).day)
            // With nothing to delete there is nothing to refresh.
            let generation = try await Self.generation()
            let again = try await withQueue { try await $0.enqueue(.retention(of: "short")).run }
            _ = try await endedRun(again)
            #expect(try await Self.generation() == generation)
        }
    }
}
