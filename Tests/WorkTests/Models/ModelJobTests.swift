import Domain
import Foundation
import Jobs
import Postgres
import TestDatabase
import TestDomain
import TestLog
import TestStorage
import TestSupport
import Testing

@testable import Storage
@testable import Work

/// Trainings and looks at drift as jobs, and the classifiers that answer in a server.
@Suite(migratedDatabase(), .serialized, .timeLimit(.minutes(3)))
struct ModelJobTests {
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

    /// Stores 1,000 payments over two years: vendor `big` is paid much more than the others.
    private static func filled(_ slug: Slug) async throws {
        _ = try await Dataset.stored(slug)
        try await withConnection { connection in
            try await connection.query("UPDATE datasets SET holds = 'expenditures' WHERE slug = $1", [slug])
        }
        try await add(slug, first: "2019-01-01", vendor: "vendor")
    }

    private static func add(_ slug: Slug, first: String, vendor: String) async throws {
        try await withConnection { connection in
            try await connection.query(
                """
                INSERT INTO expenditures (dataset, source_id, fiscal_year, entered, vendor, department, amount)
                SELECT $1, $2 || n, NULL, $2::date + n * 7 / 10, CASE WHEN n % 4 = 0 THEN 'big' ELSE $3 || n % 9 END,
                    'd' || n % 6, CASE WHEN n % 4 = 0 AND n % 12 <> 0 THEN 1000 + n ELSE 10 + n % 50 END
                FROM generate_series(0, 999) AS n
                """, [slug, first, vendor])
        }
    }

    private static func models(_ slug: Slug) async throws -> [StoredModel] {
        let sql = try Checkout.sql()
        return try await withConnection { connection in
            try await ModelStore(connection, sql: sql).models(ModelQuery(dataset: slug), PageRequest(limit: 10)).rows
        }
    }

    private static func ended(_ job: Job) async throws -> AnalyticsRun {
        try await endedRun(try await withQueue { try await $0.enqueue(job).run })
    }

    @Test func aTrainingStoresACandidateOrActivatesIt() async throws {
        try await Self.filled("trained")
        _ = try await Self.withWorker {
            for (kind, activate) in [(ModelKind.clustering, false), (.classification, true)] {
                let order = TrainingOrder(dataset: "trained", kind: kind, seed: 3, activate: activate)
                let run = try await Self.ended(.training(order))
                #expect(run.state == .finished, "\(run.error ?? "")")
            }
        }
        let models = try await Self.models("trained")
        #expect(models.map(\.kind) == [.classification, .clustering])
        #expect(models.map(\.state) == [.active, .candidate])
        #expect(models[0].library.hasPrefix("XGBoost "))
        let test = try #require(models[0].test)
        #expect(models[0].training.upperBound < test.lowerBound)
    }

    @Test func aTrainingThatCannotSucceedFailsAtOnce() async throws {
        _ = try await Dataset.stored("plain")
        _ = try await Self.withWorker {
            let run = try await Self.ended(.training(TrainingOrder(dataset: "plain", kind: .clustering)))
            #expect(run.state == .failed)
            #expect(run.attempts == 1)
            #expect(run.error?.contains("holds events") == true)
        }
        #expect(try await Self.models("plain").isEmpty)
    }

    @Test func aCancelledTrainingStoresNothing() async throws {
        try await Self.filled("cancelled")
        let order = TrainingOrder(dataset: "cancelled", kind: .classification)
        let training = ModelTraining(TestDatabase.options, sql: try Checkout.sql())
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let begun = AsyncStream<Void>.makeStream()
                group.addTask {
                    _ = try await training.run(order) { step in
                        if case .learning = step { begun.continuation.yield() }
                        // The cancellation comes meanwhile: the work ends at its next look.
                        Thread.sleep(forTimeInterval: 0.05)
                    }
                }
                for await _ in begun.stream { break }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(try await Self.models("cancelled").isEmpty)
    }

    @Test func driftIsMeasuredOfWhatCameSinceAndWarnedOf() async throws {
        try await Self.filled("moved")
        let sql = try Checkout.sql()
        _ = try await ModelTraining(TestDatabase.options, sql: sql)
            .run(TrainingOrder(dataset: "moved", kind: .classification, activate: true))
        let before = try await ModelDriftRun(TestDatabase.options, sql: sql).run("moved").models
        #expect(before.first?.drift?.rows == 0)
        #expect(before.first?.drift?.index == nil)
        try await Self.add("moved", first: "2022-01-01", vendor: "newcomer ")
        let lines = try await Self.withWorker {
            let run = try await Self.ended(.drift(of: "moved"))
            #expect(run.state == .finished)
        }
        #expect(lines.contains { $0.contains("the data have moved away from a model") })
        let drift = try #require(try await Self.models("moved").first?.drift)
        #expect(drift.rows == 1000)
        let index = try #require(drift.index)
        #expect(index > ModelDrift.alarm)
    }

    @Test func aServerTakesTheActiveClassifierAndKeepsItWhereTheNextIsDamaged() async throws {
        try await Self.filled("served")
        let sql = try Checkout.sql()
        let training = ModelTraining(TestDatabase.options, sql: sql)
        var ids: [Int64] = []
        for seed in [1, 2, 3] {
            ids.append(
                try await training.run(TrainingOrder(dataset: "served", kind: .classification, seed: seed)).id)
        }
        let payments = (0..<700).map { Payment(vendor: $0 % 2 == 0 ? "big" : "vendor3", month: 1 + $0 % 12) }
        try await withReaders { readers in
            let lines = LogLines()
            let store = ModelStore(readers, sql: sql)
            let served = ServedModels(store, options: TestDatabase.options, logger: lines.logger)
            #expect(try await served.predict(payments, in: "served") == nil)
            try await Self.activate(ids[0])
            let first = try #require(try await served.predict(payments, in: "served"))
            #expect(first.model == ids[0])
            #expect(first.payments.count == 700)
            #expect(first.payments[0].probability > first.payments[1].probability)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await served.run() }
                try await Self.activate(ids[1])
                try await Self.until { served.loaded("served") == ids[1] }
                // Past the check of the file.
                try await withConnection { connection in
                    try await connection.query("UPDATE models SET file = set_byte(file, 9, 0) WHERE id = $1", [ids[2]])
                }
                try await Self.activate(ids[2])
                try await Self.until { lines.withMetadata.contains { $0.contains("cannot be used") } }
                #expect(try await served.predict(payments, in: "served")?.model == ids[1])
                group.cancelAll()
            }
        }
    }

    private static func activate(_ id: Int64) async throws {
        try await withConnection { try await $0.query("SELECT activate_model($1)", [id]) }
    }

    private static func until(_ isSo: () -> Bool) async throws {
        while !isSo() { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test func parametersAreReadAgain() throws {
        let order = TrainingOrder(dataset: "d", kind: .classification, seed: 5, activate: true)
        #expect(try Job.training(order).trainingOrder() == order)
        #expect(throws: UnreadableJob.self) {
            try Job(kind: .training, dataset: "d", parameters: "{\"kind\": \"other\", \"seed\": 1}").trainingOrder()
        }
    }
}
