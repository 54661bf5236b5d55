import Domain
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Jobs
@testable import Storage
@testable import Work

/// Running workers with a real database.
@Suite(migratedDatabase(), .serialized, .timeLimit(.minutes(3)))
struct JobWorkerTests {
    private static let policy = JobPolicy(
        lease: .seconds(20), beat: .milliseconds(50), poll: .milliseconds(200),
        retry: RetryPolicy(first: .milliseconds(50), longest: .milliseconds(200), whenBusy: .milliseconds(50)))

    private static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Runs `body` while workers do the real work, and stops them afterwards.
    private static func withWorkers(
        _ count: Int = 1, policy: JobPolicy = policy, _ body: () async throws -> Void
    ) async throws {
        var options = TestDatabase.options
        options.applicationName = "a worker"
        let sql = try Checkout.sql()
        let workers = (0..<count).map { _ in
            JobWorker(options, sql: sql, slots: 2, policy: policy, logger: logger)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { try await worker.run() } }
            try await body()
            group.cancelAll()
        }
    }

    private static func filled(_ slug: Slug, _ content: Character) async throws {
        _ = try await Dataset.stored(slug)
        let events = EventChunk([SampleEvent(), SampleEvent(longitude: 10), SampleEvent(time: "2021-06-05T12:00:00Z")])
        try await IngestStore.ofTheSuite().ingest([events], into: slug, content: content)
    }

    @Test func aScoringJobScoresAndServes() async throws {
        try await Self.filled("scored", "1")
        let generation: Int64 = try await value("SELECT generation FROM served_view")
        let id = try await withQueue { try await $0.enqueueScore("scored", refresh: true) }
        try await Self.withWorkers {
            let run = try await endedRun(id)
            #expect(run.state == .finished)
            #expect(run.error == nil)
            #expect(run.progress == 1)
            #expect(run.from == LocalDay("2021-06-01"))
            #expect(run.to == LocalDay("2021-06-05"))
            #expect(run.events == 3)
            #expect(run.rows == 3)
            #expect(run.attempts == 1)
        }
        #expect(try await value("SELECT generation FROM served_view", as: Int64.self) > generation)
        #expect(try await value("SELECT rows FROM served_datasets WHERE dataset = 'scored'") == 3)
    }

    @Test func aDatasetWithoutEventsIsFinishedWithNothing() async throws {
        let id = try await withQueue { try await $0.enqueueScore("hollow") }
        try await Self.withWorkers {
            let run = try await endedRun(id)
            #expect(run.state == .finished)
            #expect(run.rows == 0)
            #expect(run.from == nil)
        }
    }

    @Test func aRefreshIsAJobToo() async throws {
        let id = try await withQueue { try await $0.enqueue(.refresh).run }
        let generation: Int64 = try await value("SELECT generation FROM served_view")
        try await Self.withWorkers {
            let ended = try await endedRun(id)
            #expect(ended.state == .finished)
        }
        #expect(try await value("SELECT generation FROM served_view") == generation + 1)
    }

    /// The statement waits for a lock that never becomes free, so only cancelling can end it.
    @Test func cancellingEndsTheStatementOfARunningJob() async throws {
        try await Self.filled("held", "2")
        try await withConnection { holder in
            try await holder.execute("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            let id = try await withQueue { try await $0.enqueueScore("held") }
            try await Self.withWorkers {
                _ = try await storedRun(id) { $0.state == .running }
                #expect(try await withQueue { try await $0.cancel(run: id) })
                let ended = try await endedRun(id)
                #expect(ended.state == .cancelled)
                let waiting = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'a worker'
                    """
                while try await value(waiting, as: Int.self) > 0 {}
            }
            try await holder.execute("ROLLBACK")
        }
    }

    /// Its next own look is an hour away, so only a notification can make it look.
    @Test func anIdleWorkerThatIsToldOfAJobBeginsItAtOnce() async throws {
        try await Self.filled("told", "9")
        var patient = Self.policy
        patient.poll = .seconds(3600)
        try await Self.withWorkers(policy: patient) {
            let idle = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'a worker' AND state = 'idle'
                    AND query LIKE '%FROM jobs waiting%'
                """
            for _ in 0..<2 {
                // Both slots have found nothing and wait.
                while try await value(idle, as: Int.self) < 2 { try await Task.sleep(for: .milliseconds(10)) }
                let id = try await withQueue { try await $0.enqueueScore("told") }
                let ended = try await endedRun(id)
                #expect(ended.state == .finished)
                #expect(ended.attempts == 1)
            }
        }
    }

    @Test func theJobOfADeadWorkerIsFinishedByAnother() async throws {
        try await Self.filled("orphan", "3")
        let id = try await withQueue { queue in
            let id = try await queue.enqueueScore("orphan")
            // Claimed by a worker that never reports again.
            _ = try await queue.claim(worker: "the dead", lease: .milliseconds(100), kinds: [.score])
            return id
        }
        try await Self.withWorkers {
            let run = try await endedRun(id)
            #expect(run.state == .finished)
            #expect(run.attempts == 2)
        }
    }

    @Test func aJobWhoseSessionsAreKilledIsTriedAgain() async throws {
        try await Self.filled("killed", "4")
        try await withConnection { holder in
            try await holder.execute("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            let id = try await withQueue { try await $0.enqueueScore("killed") }
            try await Self.withWorkers {
                _ = try await storedRun(id) { $0.state == .running }
                let kill = """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'a worker'
                        AND wait_event_type = 'Lock'
                    """
                while try await value(kill, as: Int.self) == 0 {}
                _ = try await storedRun(id) { $0.attempts == 2 }
                try await holder.execute("ROLLBACK")
                let ended = try await endedRun(id)
                #expect(ended.state == .finished)
            }
        }
    }

    @Test func aWorkerThatShutsDownGivesItsJobBack() async throws {
        try await Self.filled("returned", "5")
        try await withConnection { holder in
            try await holder.execute("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            let id = try await withQueue { try await $0.enqueueScore("returned") }
            let worker = JobWorker(
                TestDatabase.options, sql: try Checkout.sql(), slots: 1, policy: Self.policy, logger: Self.logger)
            let group = ServiceGroup(configuration: .init(services: [worker], logger: Self.logger))
            async let running: Void = group.run()
            _ = try await storedRun(id) { $0.state == .running }
            await group.triggerGracefulShutdown()
            try await running
            let run = try #require(try await storedRun(id))
            #expect(run.state == .queued)
            #expect(run.attempts == 0)
            #expect(run.error == nil)
            try await holder.execute("ROLLBACK")
            try await Self.withWorkers {
                let ended = try await endedRun(id)
                #expect(ended.state == .finished)
            }
        }
    }

    /// `hextant score` holds the dataset: the job waits for it without using up its attempts.
    @Test func aJobWaitsForACommandThatScoresTheSame() async throws {
        try await Self.filled("shared", "6")
        try await withConnection { command in
            try await command.execute("SELECT pg_advisory_lock(hashtextextended('hextant score shared', 0))")
            let id = try await withQueue { try await $0.enqueueScore("shared", maxAttempts: 1) }
            try await Self.withWorkers {
                let waiting = try await storedRun(id) { $0.error != nil }
                #expect(waiting.error?.contains("another scoring run") == true)
                #expect(!waiting.state.isFinal)
                try await command.execute("SELECT pg_advisory_unlock_all()")
                let ended = try await endedRun(id)
                #expect(ended.state == .finished)
            }
        }
    }

    @Test func whatCannotSucceedFailsWithoutBeingTriedAgain() async throws {
        try await Self.filled("refused", "8")
        try await withConnection { connection in
            try await connection.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'no such value' USING ERRCODE = '22023'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON run_scales FOR EACH ROW EXECUTE FUNCTION refuse()
                """)
            let id = try await withQueue { try await $0.enqueueScore("refused") }
            try await Self.withWorkers {
                let run = try await endedRun(id)
                #expect(run.state == .failed)
                #expect(run.attempts == 1)
                #expect(run.error?.contains("no such value") == true)
            }
            try await connection.execute("DROP FUNCTION refuse CASCADE")
        }
    }

    /// The scores exist already, so only the refresh is left to do.
    @Test func aRunThatWasScoredIsNotScoredAgain() async throws {
        try await Self.filled("half", "7")
        let id = try await withQueue { try await $0.enqueueScore("half", refresh: true) }
        try await withConnection { connection in
            try await connection.query("UPDATE analytics_runs SET scored_at = now() WHERE id = $1", [id])
        }
        try await Self.withWorkers {
            let ended = try await endedRun(id)
            #expect(ended.state == .finished)
        }
        #expect(try await value("SELECT count(*) FROM cell_aggregates WHERE dataset = 'half'") == 0)
    }

    /// Four slots standing for two processes, and four jobs for each of three datasets.
    @Test func workersShareTheJobsAndNeverADataset() async throws {
        let ids = try await withQueue { queue in
            var ids: [Int64] = []
            for number in 0..<12 { ids.append(try await queue.enqueueScore("part\(number % 3)")) }
            return ids
        }
        let tally = Tally()
        let options = TestDatabase.options
        let sql = try Checkout.sql()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                let worker = JobWorker(options, sql: sql, slots: 2, policy: Self.policy, logger: Self.logger) {
                    job, _ in
                    tally.begin(job)
                    try await Task.sleep(for: .milliseconds(20))
                    tally.end(job)
                }
                group.addTask { try await worker.run() }
            }
            for id in ids {
                let run = try await endedRun(id)
                #expect(run.state == .finished)
            }
            group.cancelAll()
        }
        #expect(tally.state.withLock { $0.done.sorted() } == tally.state.withLock { Set($0.done).sorted() })
        #expect(tally.state.withLock { $0.done.count } == 12)
        #expect(tally.state.withLock { $0.together } == 0)
    }
}

/// The jobs that were done, and how often two jobs of one dataset ran at the same time.
private final class Tally: Sendable {
    struct State {
        var done: [Int64] = []
        var working: Set<Slug?> = []
        var together = 0
    }

    let state = Mutex(State())

    func begin(_ claimed: ClaimedJob) {
        state.withLock { if !$0.working.insert(claimed.job.dataset).inserted { $0.together += 1 } }
    }

    func end(_ claimed: ClaimedJob) {
        state.withLock {
            $0.working.remove(claimed.job.dataset)
            $0.done.append(claimed.lease.job)
        }
    }
}
