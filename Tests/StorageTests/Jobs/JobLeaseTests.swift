import Domain
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Jobs whose worker is silent, fails or is told to stop.
@Suite(migratedDatabase(), .serialized)
struct JobLeaseTests {
    @Test func aBeatKeepsTheLeaseAndTellsTheProgress() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("alive")
            let job = try #require(try await queue.claim(worker: "w", lease: .zero, kinds: [.score]))
            #expect(try await queue.beat(job.lease, for: .seconds(60), progress: 0.25) == .held)
            try await queue.sweep()
            let run = try #require(try await storedRun(id))
            #expect(run.state == .running)
            #expect(run.progress == 0.25)
            #expect(run.startedAt != nil)
            #expect(try await queue.settle(job.lease, .finished))
            let finished = try #require(try await storedRun(id))
            #expect(finished.state == .finished)
            #expect(finished.progress == 1)
            #expect(finished.finishedAt != nil)
        }
    }

    @Test func whoLostTheLeaseCannotWrite() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("zombie")
            let zombie = try #require(try await queue.claimNow("zombie"))
            try await letLeaseExpire(zombie.lease)
            try await queue.sweep()
            let heir = try #require(try await queue.claimNow("heir"))
            #expect(heir.lease.job == zombie.lease.job)
            #expect(heir.lease.token > zombie.lease.token)
            #expect(heir.attempt == 2)

            #expect(try await queue.beat(zombie.lease, for: .seconds(60), progress: 0.9) == .lost)
            #expect(try await !queue.settle(zombie.lease, .failed("too late")))
            await #expect(throws: LeaseLost.self) {
                try await withConnection { connection in
                    try await connection.transaction { try await zombie.lease.hold(on: $0) }
                }
            }
            let run = try #require(try await storedRun(id))
            #expect(run.state == .running)
            #expect(run.progress == 0)
            #expect(run.error == "worker zombie stopped answering")
            #expect(try await queue.settle(heir.lease, .finished))
            #expect(try await storedRun(id)?.state == .finished)
            #expect(try await storedRun(id)?.error == nil)
        }
    }

    /// A worker that has lost its lease writes no scores, even if no other worker scores.
    @Test func aRunWhoseLeaseIsLostWritesNoScores() async throws {
        let dataset = try await Dataset.stored("ghost")
        try await IngestStore.ofTheSuite().ingest([EventChunk([SampleEvent()])], into: "ghost", content: "a")
        try await withQueue { queue in
            _ = try await queue.enqueueScore("ghost")
            let zombie = try #require(try await queue.claimNow())
            try await letLeaseExpire(zombie.lease)
            try await queue.sweep()
            let request = ScoringRun.Request(dataset: dataset, resolutions: [7], lease: zombie.lease)
            let scoring = ScoringRun(TestDatabase.options, sql: try Checkout.sql())
            await #expect(throws: LeaseLost.self) { try await scoring.run(request) }
            #expect(try await value("SELECT count(*) FROM cell_aggregates WHERE dataset = 'ghost'") == 0)
            let heir = try #require(try await queue.claimNow())
            #expect(try await queue.settle(heir.lease, .finished))
        }
    }

    @Test func aJobThatKillsItsWorkersFailsInTheEnd() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("deadly", maxAttempts: 2)
            for state in [AnalyticsRun.State.queued, .failed] {
                let job = try #require(try await queue.claimNow("victim"))
                try await letLeaseExpire(job.lease)
                try await queue.sweep()
                let run = try #require(try await storedRun(id))
                #expect(run.state == state)
                #expect(run.error == "worker victim stopped answering")
            }
            #expect(try await queue.claimNow() == nil)
        }
    }

    @Test func aRetryWaitsAndCountsAndAGivenBackJobDoesNot() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("again")
            let first = try #require(try await queue.claimNow())
            #expect(try await queue.settle(first.lease, .retry("no luck", after: .seconds(3600))))
            let waiting = try #require(try await storedRun(id))
            #expect(waiting.state == .queued)
            #expect(waiting.error == "no luck")
            #expect(waiting.attempts == 1)
            #expect(try await queue.claimNow() == nil)
            let isLater = """
                SELECT run_at - now() BETWEEN interval '59 minutes' AND interval '60 minutes' FROM jobs WHERE id = $1
                """
            #expect(try await value(isLater, [first.lease.job]) == true)
            try await withConnection { try await $0.execute("UPDATE jobs SET run_at = now() WHERE state = 'queued'") }
            let second = try #require(try await queue.claimNow())
            #expect(second.attempt == 2)
            #expect(try await queue.settle(second.lease, .givenBack(nil, after: .zero)))
            #expect(try await storedRun(id)?.attempts == 1)
            let third = try #require(try await queue.claimNow())
            #expect(third.attempt == 2)
            #expect(try await queue.settle(third.lease, .failed("for good")))
            let failed = try #require(try await storedRun(id))
            #expect(failed.state == .failed)
            #expect(failed.error == "for good")
            #expect(failed.finishedAt != nil)
        }
    }

    @Test func aQueuedRunIsCancelledAtOnce() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("unwanted")
            #expect(try await queue.cancel(run: id))
            #expect(try await storedRun(id)?.state == .cancelled)
            #expect(try await storedRun(id)?.finishedAt != nil)
            #expect(try await queue.claimNow() == nil)
            #expect(try await !queue.cancel(run: id))
        }
    }

    @Test(arguments: ["beat", "retry", "death"])
    func aRunningRunIsCancelledByWhateverComesNext(_ next: String) async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("stopped-\(next)")
            let job = try #require(try await queue.claimNow())
            #expect(try await queue.cancel(run: id))
            #expect(try await storedRun(id)?.state == .running)
            switch next {
            case "beat":
                #expect(try await queue.beat(job.lease, for: .seconds(60), progress: 0.5) == .cancelRequested)
                #expect(try await queue.settle(job.lease, .cancelled))
            case "retry":
                #expect(try await queue.settle(job.lease, .retry("no luck", after: .zero)))
            default:
                try await letLeaseExpire(job.lease)
                try await queue.sweep()
            }
            let run = try #require(try await storedRun(id))
            #expect(run.state == .cancelled)
            #expect(run.finishedAt != nil)
            #expect(try await queue.claimNow() == nil)
        }
    }

    @Test func aDeletedDatasetTakesItsJobsAlong() async throws {
        try await withQueue { queue in
            let id = try await queue.enqueueScore("deleted")
            let job = try #require(try await queue.claimNow())
            try await withConnection { try await $0.execute("DELETE FROM datasets WHERE slug = 'deleted'") }
            #expect(try await queue.beat(job.lease, for: .seconds(60), progress: 0) == .lost)
            #expect(try await storedRun(id) == nil)
        }
    }
}
