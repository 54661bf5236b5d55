import Domain
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestLog
import TestStorage
import Testing

@testable import Storage
@testable import Work

/// Outlooks and evaluations as jobs.
@Suite(migratedDatabase(), .serialized, .timeLimit(.minutes(3)))
struct OutlookJobTests {
    private static func withWorker(_ body: () async throws -> Void) async throws -> [String] {
        let lines = LogLines()
        let policy = JobPolicy(
            lease: .seconds(20), beat: .milliseconds(50), poll: .milliseconds(100),
            retry: RetryPolicy(first: .milliseconds(50), longest: .milliseconds(200), whenBusy: .milliseconds(50)))
        let worker = JobWorker(
            TestDatabase.options, sql: try Checkout.sql(), slots: 1, policy: policy, logger: lines.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            group.cancelAll()
        }
        return lines.withMetadata
    }

    /// Stores a dataset with two events a day over 100 days, at two places.
    private static func filled(_ slug: Slug) async throws {
        var dataset = try await Dataset.stored(slug)
        dataset.groups = [EventGroup(name: "theft", types: ["theft"])]
        let grouped = dataset
        _ = try await withConnection { try await DatasetStore($0, sql: Checkout.sql()).put(grouped) }
        let events = (0..<100).flatMap { offset in
            let day = LocalDay("2021-03-01")!.advanced(by: offset)
            return [
                SampleEvent(time: "\(day)T12:00:00Z", longitude: -79.38, type: "theft"),
                SampleEvent(time: "\(day)T13:00:00Z", longitude: -79.2, type: "assault"),
            ]
        }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: slug, content: "a")
    }

    private static func ended(_ job: Job) async throws -> AnalyticsRun {
        try await endedRun(try await withQueue { try await $0.enqueue(job).run })
    }

    @Test func anOutlookIsMadeAndServed() async throws {
        try await Self.filled("looked")
        _ = try await Self.withWorker {
            let run = try await Self.ended(.outlook(OutlookOrder(dataset: "looked")))
            #expect(run.state == .finished, "\(run.error ?? "")")
            #expect(run.kind == "outlook")
        }
        #expect(try await value("SELECT served_outlook_days('looked')", as: String.self) == "2021-06-08")
        let events: Int64 = try await value(
            """
            SELECT sum(events[2])::bigint FROM mv_cell_outlook
            WHERE slice = (SELECT slice FROM served_outlooks WHERE dataset = 'looked' AND kind = 'theft')
            """)
        #expect(events == 28)
        // The whole study area is the convex cover of both places.
        let cells: Int64 = try await value(
            "SELECT cardinality(cells)::bigint FROM outlooks WHERE dataset = 'looked' LIMIT 1")
        #expect(cells > 2)
    }

    @Test func areasWithHardlyAnyEventAreLeftOut() async throws {
        var dataset = try await Dataset.stored("scattered")
        dataset.resolutions = [2, 3]
        let scattered = dataset
        _ = try await withConnection { try await DatasetStore($0, sql: Checkout.sql()).put(scattered) }
        // All around the globe, which has 5,882 cells at resolution 2 and 41,162 at 3.
        let events = (0..<36).map { number -> SampleEvent in
            let longitude = Double(10 * number - 175)
            let latitude = Double(number % 3 * 50 - 50)
            return SampleEvent(time: "2021-03-\(10 + number % 9)T12:00:00Z", longitude: longitude, latitude: latitude)
        }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: "scattered", content: "a")
        let run = OutlookRun(TestDatabase.options, sql: try Checkout.sql())
        let outcome = try await run.run(OutlookRun.Request(dataset: scattered))
        #expect(outcome.outlooks.map(\.resolution) == [2])
        #expect(outcome.outlooks.map(\.cells) == [5882])
        #expect(outcome.leftOut.map(\.resolution) == [3])
        await #expect(throws: StorageError.self) {
            try await run.run(OutlookRun.Request(dataset: scattered, resolutions: [3]))
        }
    }

    @Test func anOutlookFollowsScoringWhereItIsAskedFor() async throws {
        try await Self.filled("followed")
        let before: Int64 = try await value("SELECT generation FROM served_view")
        _ = try await Self.withWorker {
            let order = RunOrder(dataset: "followed", resolutions: [7], outlook: true)
            let run = try await Self.ended(.score(order))
            #expect(run.state == .finished, "\(run.error ?? "")")
        }
        #expect(try await value("SELECT served_outlook_days('followed')", as: String.self) == "2021-06-08")
        #expect(try await value("SELECT generation FROM served_view") == before + 1)
        // Scores come before it, so that its figures have them.
        #expect(
            try await value(
                "SELECT max(max_scores[4]) > 0 FROM cell_outlook WHERE dataset = 'followed' AND kind = 'all'") == true)
    }

    @Test func anEvaluationIsStoredWithItsVerdict() async throws {
        try await Self.filled("judged")
        let lines = try await Self.withWorker {
            let run = try await Self.ended(
                .evaluation(
                    EvaluationOrder(dataset: "judged", from: LocalDay("2021-05-01"), to: LocalDay("2021-06-04"))))
            #expect(run.state == .finished, "\(run.error ?? "")")
        }
        let origins: Int64 = try await value(
            "SELECT origins::bigint FROM outlook_evaluations WHERE dataset = 'judged'")
        #expect(origins == 5)
        let isBehind: Bool = try await value("SELECT is_behind FROM outlook_evaluations WHERE dataset = 'judged'")
        #expect(lines.contains { $0.contains("the forecast is behind a rival") } == isBehind)
    }

    @Test func whatCannotBeIsNotTriedAgain() async throws {
        try await Self.filled("short-past")
        _ = try await Self.withWorker {
            // Fifty-six days of history are needed.
            let run = try await Self.ended(
                .evaluation(
                    EvaluationOrder(dataset: "short-past", from: LocalDay("2021-03-20"), to: LocalDay("2021-04-20"))))
            #expect(run.state == .failed)
            #expect(run.attempts == 1)
            #expect(run.error?.contains("19 days of history before it, but at least 56 are needed") == true)
        }
    }

    @Test func ordersSurviveTheQueue() throws {
        let outlook = OutlookOrder(
            dataset: "d", resolutions: [7, 9], asOf: LocalDay("2021-12-31"), horizon: 28, refresh: false)
        #expect(try Job.outlook(outlook).outlookOrder() == outlook)
        let evaluation = EvaluationOrder(
            dataset: "d", resolutions: [8], kind: .group("theft"), horizon: 1, from: LocalDay("2021-01-01"),
            to: LocalDay("2021-12-31"))
        #expect(try Job.evaluation(evaluation).evaluationOrder() == evaluation)
        #expect(throws: UnreadableJob.self) {
            try Job(kind: .outlook, dataset: "d", parameters: #"{"weeks": 3}"#).outlookOrder()
        }
        // A job of an earlier version knows no outlook.
        let order = RunOrder(dataset: "d", resolutions: [7])
        #expect(!Job.score(order).parameters.contains("outlook"))
    }
}
