import Domain
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Queueing and claiming.
@Suite(migratedDatabase(), .serialized)
struct JobQueueTests {
    @Test func aJobIsQueuedWithItsRun() async throws {
        let dataset = try await Dataset.stored("queued", resolutions: [6, 7])
        let order = RunOrder(
            dataset: dataset.slug, resolutions: [6, 7], from: LocalDay("2021-06-01"), to: nil,
            normalization: .percentile, refresh: true)
        let id = try await withQueue { try await $0.enqueue(.score(order)).run }
        let run = try #require(try await storedRun(id))
        #expect(run.state == .queued)
        #expect(run.kind == "score")
        #expect(run.isJob)
        #expect(run.dataset == "queued")
        #expect(run.resolutions == [6, 7])
        #expect(run.from == LocalDay("2021-06-01"))
        #expect(run.to == nil)
        #expect(run.normalization == "percentile")
        #expect(run.refresh)
        #expect(run.startedAt == nil)
        #expect(run.finishedAt == nil)
        #expect(run.attempts == 0)
        let claimed = try #require(try await withQueue { try await $0.claimNow() })
        #expect(claimed.job.kind == .score)
        #expect(try claimed.job.order() == order)
        #expect(claimed.attempt == 1)
        #expect(!claimed.isScored)
        try await withQueue { _ = try await $0.settle(claimed.lease, .finished) }
    }

    @Test func theSameKeyIsOneRunWhoeverAsks() async throws {
        _ = try await Dataset.stored("keyed")
        let order = RunOrder(dataset: "keyed", resolutions: [7])
        let answers = try await withThrowingTaskGroup(of: (run: Int64, isNew: Bool).self) { group in
            for _ in 0..<8 {
                group.addTask { try await withQueue { try await $0.enqueue(.score(order), key: "one") } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.run)).count == 1)
        #expect(answers.filter(\.isNew).count == 1)
        var other = order
        other.resolutions = [8]
        let error = await #expect(throws: StorageError.self) {
            try await withQueue { [other] in try await $0.enqueue(.score(other), key: "one") }
        }
        #expect(error?.code == .conflict)
        _ = try await withQueue { try await $0.cancel(run: answers[0].run) }
    }

    /// Workers of a newer version may queue jobs of kinds that this version does not know.
    @Test func aJobOfAnotherKindIsLeftAlone() async throws {
        let other = Job(kind: JobKind(rawValue: "outlook"), dataset: "other-kinds", parameters: #"{"days": 7}"#)
        _ = try await Dataset.stored("other-kinds")
        let id = try await withQueue { try await $0.enqueue(other).run }
        // Jobs of the kinds that are known are still taken, even if they are queued later.
        let refresh = try await withQueue { try await $0.enqueue(.refresh).run }
        let claimed = try #require(try await withQueue { try await $0.claimNow() })
        #expect(claimed.job == .refresh)
        #expect(try await withQueue { try await $0.claimNow() } == nil)
        #expect(try await storedRun(refresh)?.state == .running)
        try await withQueue { _ = try await $0.settle(claimed.lease, .finished) }
        let waiting = try #require(try await storedRun(id))
        #expect(waiting.state == .queued)
        #expect(waiting.attempts == 0)
        #expect(waiting.error == nil)
        #expect(waiting.kind == "outlook")
        // A worker that knows the kind gets it as it was queued.
        let taken = try await withQueue {
            try await $0.claim(worker: "newer", lease: .seconds(60), kinds: [other.kind])
        }
        #expect(taken?.job.kind == other.kind)
        #expect(taken?.job.dataset == "other-kinds")
        #expect(taken?.job.parameters == #"{"days": 7}"#)
        try await withQueue { _ = try await $0.settle(try #require(taken).lease, .finished) }
    }

    @Test(arguments: ["", String(repeating: "k", count: 64)])
    func whatIsNoNameIsNoKind(_ name: String) async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await withQueue { try await $0.enqueue(Job(kind: JobKind(rawValue: name), dataset: nil)) }
        }
        #expect(error?.sqlState == "23514")
    }

    /// Otherwise idle workers would wake each other, and themselves, without end.
    @Test func aLookThatFindsNothingWakesNobody() async throws {
        try await PostgresConnection.withConnection(TestDatabase.options) { connection in
            try await connection.listen(JobQueue.channel)
            try await withQueue { queue in
                try await queue.sweep()
                #expect(try await queue.claimNow() == nil)
            }
            #expect(try await connection.notifications(within: .milliseconds(300)).isEmpty)
            _ = try await withQueue { try await $0.enqueueScore("wakes") }
            #expect(try await !connection.notifications(within: .seconds(20)).isEmpty)
            let claimed = try #require(try await withQueue { try await $0.claimNow() })
            #expect(try await !connection.notifications(within: .seconds(20)).isEmpty)
            try await withQueue { _ = try await $0.settle(claimed.lease, .finished) }
            #expect(try await !connection.notifications(within: .seconds(20)).isEmpty)
        }
    }

    @Test func aJobOfNoDatasetIsRefused() async throws {
        let error = await #expect(throws: StorageError.self) {
            try await withQueue { try await $0.enqueue(.score(RunOrder(dataset: "nowhere", resolutions: [7]))) }
        }
        #expect(error?.code == .dataset)
    }

    @Test func workersThatRaceNeverGetTheSameJob() async throws {
        try await withQueue { queue in
            for number in 0..<12 { try await queue.enqueueScore("race\(number)") }
        }
        let claimed: [ClaimedJob] = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
            for worker in 0..<4 {
                group.addTask {
                    try await withQueue { queue in
                        var claimed: [ClaimedJob] = []
                        while let job = try await queue.claimNow("worker \(worker)") { claimed.append(job) }
                        return claimed
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.map(\.job.dataset).compactMap(\.self).sorted() == (0..<12).map { "race\($0)" as Slug }.sorted())
        #expect(Set(claimed.map(\.lease.token)).count == 12)
        for job in claimed { _ = try await withQueue { try await $0.settle(job.lease, .finished) } }
    }

    /// In each round, as many workers as there are jobs of one dataset claim at once.
    @Test func workersThatRaceForOneDatasetGetOneJob() async throws {
        let workers = 6
        try await withQueue { queue in
            for _ in 0..<workers { try await queue.enqueueScore("single") }
        }
        for _ in 0..<workers {
            let claimed: [ClaimedJob] = try await withThrowingTaskGroup(of: ClaimedJob?.self) { group in
                for worker in 0..<workers {
                    group.addTask { try await withQueue { try await $0.claimNow("worker \(worker)") } }
                }
                return try await group.reduce(into: []) { if let job = $1 { $0.append(job) } }
            }
            try #require(claimed.count == 1)
            let isSettled = try await withQueue { try await $0.settle(claimed[0].lease, .finished) }
            #expect(isSettled)
        }
        let left = try await withQueue { try await $0.claimNow() }
        #expect(left?.lease == nil)
    }

    @Test func aRunThatACommandLeftBehindIsClosed() async throws {
        _ = try await Dataset.stored("command")
        let insert = """
            INSERT INTO analytics_runs (dataset, resolutions, state, started_at)
            VALUES ('command', '{7}', 'running', now()) RETURNING id
            """
        let id: Int64 = try await value(insert)
        try await withConnection { command in
            // As `hextant score` does while it runs.
            try await command.execute("SELECT pg_advisory_lock(hashtextextended('hextant score command', 0))")
            try await withQueue { try await $0.sweep() }
            #expect(try await storedRun(id)?.state == .running)
        }
        // The lock ends with the connection, which the server ends a moment after it was closed.
        while try await storedRun(id)?.state == .running { try await withQueue { try await $0.sweep() } }
        let closed = try #require(try await storedRun(id))
        #expect(closed.state == .failed)
        #expect(closed.error == "interrupted")
        #expect(closed.finishedAt != nil)
        #expect(!closed.isJob)
    }
}
