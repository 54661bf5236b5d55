import Connectors
import Domain
import Fetch
import Foundation
import Jobs
import Logging
import Postgres
import Storage
import Synchronization
import Telemetry
import TestDatabase
import TestDomain
import TestSources
import TestStorage
import Testing

@testable import Work

/// Runs of feeds over the real database and a site of the test.
@Suite(migratedDatabase(), .serialized)
struct FeedWorkTests {
    /// A collection of points whose version is its length.
    private final class Points: Sendable {
        let ids = Mutex<[Int]>([1, 2, 3])

        func answer(_ request: FakeSite.Request) -> FakeSite.Reply {
            let ids = ids.withLock { $0 }
            let tag = "\"\(ids)\""
            if request.headers["if-none-match"] == tag { return FakeSite.Reply(status: 304) }
            let features = ids.map { id in
                #"{"type":"Feature","id":"\#(id)","properties":{"kind":"point","at":"2024-01-01T10:00:00Z"},"#
                    + #""geometry":{"type":"Point","coordinates":[\#(id),51]}}"#
            }
            var reply = FakeSite.Reply.json(
                #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}")
            reply.headers["ETag"] = tag
            return reply
        }
    }

    private struct Setting {
        let points = Points()
        let feed: Feed
        let work: FeedWork
        let folder: URL

        init(_ name: String, isDescribed: Bool = true) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "feed-work-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let mapping = folder.appending(path: "points.yaml").path
            try """
            format: json
            event_type: {column: properties.kind}
            event_id: {column: id}
            time: {column: properties.at, patterns: [iso8601]}
            coordinates: {longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}
            """.write(toFile: mapping, atomically: true, encoding: .utf8)
            let described =
                isDescribed ? "new_dataset: {title: Points, licence: none, attribution: nobody, resolutions: [7]}" : ""
            feed = try TestSources.feed(
                """
                feed: \(name)
                source: geojson
                url: https://data.example/points.json
                contents: all
                dataset: \(name)
                mapping: \(mapping)
                schedule: "0 4 * * *"
                expect: {rows: [2, 10]}
                \(described)
                """)
            let site = FakeSite { [points] in points.answer($0) }
            work = FeedWork(
                [feed], fetcher: site.fetcher(),
                ingest: FileIngest(TestDatabase.options, sql: try Checkout.sql(), mappings: folder.path),
                folder: folder.path, metrics: PrometheusRegistry())
        }

        func run(_ scoring: FeedWork.Scoring = .queued, lease: JobLease? = nil) async throws -> FeedWork.Outcome {
            try await work.run(feed, trigger: "a test", lease: lease, scoring: scoring)
        }

        /// The names of what is in the folder besides the mapping.
        var left: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "points.yaml" }
            }
        }

        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    @Test func whatARunBringsIsScoredOnceAndNothingByARunThatBringsNothing() async throws {
        let setting = try Setting("brought")
        defer { setting.remove() }
        let first = try await setting.run()
        #expect(first.accepted == 3)
        #expect(first.failures.isEmpty)
        let scoring = try #require(first.scoreRun)
        #expect(try await storedRun(scoring)?.refresh == true)
        let second = try await setting.run()
        #expect(second.accepted == 0)
        #expect(second.scoreRun == nil)
        setting.points.ids.withLock { $0 = [2, 4, 5, 6] }
        let third = try await setting.run()
        #expect(third.accepted == 3)
        #expect(third.removed == 2)
        #expect(third.scoreRun != nil)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'brought'") == 4)
        #expect(try setting.left.isEmpty)
    }

    @Test func whatADeadRunBroughtIsScoredAfterTheNext() async throws {
        let setting = try Setting("died")
        defer { setting.remove() }
        _ = try await setting.run(.byCaller)
        // As if the process had been killed before it could record its end.
        try await withConnection { connection in
            try await connection.query("UPDATE feed_runs SET state = 'running' WHERE feed = 'died'")
        }
        let next = try await setting.run()
        #expect(next.accepted == 0)
        let scoring = try #require(next.scoreRun)
        #expect(
            try await value("SELECT score_run FROM feed_runs WHERE feed = 'died' ORDER BY id LIMIT 1") == scoring)
        #expect(
            try await value("SELECT state::text || ' ' || error FROM feed_runs WHERE feed = 'died' ORDER BY id LIMIT 1")
                == "failed interrupted")
    }

    @Test func aDatasetThatNobodyDescribesIsAskedFor() async throws {
        let setting = try Setting("undescribed", isDescribed: false)
        defer { setting.remove() }
        let refusal = await #expect(throws: FeedRefusal.self) { try await setting.run() }
        #expect(refusal?.description.contains("new_dataset") == true)
        _ = try await Dataset.stored("undescribed")
        #expect(try await setting.run().accepted == 3)
    }

    @Test func aBatchThatIsNotAsExpectedIsAFinding() async throws {
        let setting = try Setting("expected")
        defer { setting.remove() }
        setting.points.ids.withLock { $0 = [1] }
        let run = try await setting.run()
        #expect(run.findings.count == 1)
        #expect(run.findings.first?.contains("1 records came where 2 to 10 are expected") == true)
    }

    @Test func aJobThatWasTakenOverStoresNothing() async throws {
        let setting = try Setting("taken")
        defer { setting.remove() }
        _ = try await Dataset.stored("taken")
        let lease = try await withQueue { queue in
            _ = try await queue.enqueue(.fetch("taken", into: "taken"))
            let claimed = try #require(
                try await queue.claim(worker: "first", lease: .seconds(60), kinds: [.fetch]))
            #expect(try claimed.job.feed() == "taken")
            try await letLeaseExpire(claimed.lease)
            try await queue.sweep()
            return claimed.lease
        }
        await #expect(throws: LeaseLost.self) { try await setting.run(lease: lease) }
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'taken'") == 0)
        #expect(try await value("SELECT count(*) FROM feed_runs WHERE feed = 'taken'") == 0)
        try await withConnection { connection in
            try await connection.query("DELETE FROM jobs WHERE dataset = 'taken'")
        }
    }

    @Test func aWorkerReadsFeedsByTheirJobs() async throws {
        let setting = try Setting("worked")
        defer { setting.remove() }
        _ = try await Dataset.stored("worked")
        let run = try await withQueue { try await $0.enqueue(.fetch("worked", into: "worked"), trigger: "user a").run }
        let worker = JobWorker(
            TestDatabase.options, sql: try Checkout.sql(), slots: 1, feeds: setting.work,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let ended = try await withThrowingTaskGroup(of: AnalyticsRun?.self) { group in
            group.addTask {
                try await worker.run()
                return nil
            }
            group.addTask { try await endedRun(run) }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            throw CancellationError()
        }
        #expect(ended.state == .finished)
        #expect(try await value("SELECT trigger FROM feed_runs WHERE feed = 'worked'", as: String.self) == "user a")
        #expect(try await value("SELECT run FROM feed_runs WHERE feed = 'worked'") == run)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'worked'") == 3)
    }

    @Test func aFeedIsDueByItsScheduleAndMadeUpFor() throws {
        let setting = try Setting("scheduled-feed")
        defer { setting.remove() }
        let schedule = try #require(setting.feed.jobSchedule)
        #expect(schedule.trigger == "schedule feed scheduled-feed")
        #expect(schedule.job == .fetch("scheduled-feed", into: "scheduled-feed"))
        // 2024-03-05 at noon; four in the morning has passed.
        let now = Instant(seconds: 1_709_640_000)
        let due = Instant(seconds: 1_709_611_200)
        #expect(ScheduleProgress(schedule, startedAt: now).due(by: now) == nil)
        for days in [1, 40, 300] {
            #expect(ScheduleProgress(schedule, startedAt: now, last: now - .days(days)).due(by: now) == due)
        }
        #expect(ScheduleProgress(schedule, startedAt: now, last: due + .seconds(3)).due(by: now) == nil)
    }
}
