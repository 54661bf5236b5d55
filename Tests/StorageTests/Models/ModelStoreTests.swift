import Domain
import Models
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Models as they are stored, activated and read.
@Suite(migratedDatabase(), .serialized)
struct ModelStoreTests {
    private static func dataset(_ slug: Slug, holds: String = "expenditures") async throws {
        _ = try await Dataset.stored(slug)
        try await withConnection { connection in
            try await connection.query("UPDATE datasets SET holds = $2 WHERE slug = $1", [slug, holds])
        }
    }

    private static func store<Output: Sendable>(
        _ body: (ModelStore) async throws -> Output
    ) async throws -> Output {
        let sql = try Checkout.sql()
        return try await withConnection { try await body(ModelStore($0, sql: sql)) }
    }

    /// The file of clusters, which differs by its seed.
    private static func file(_ seed: UInt64) throws -> [UInt8] {
        let figures = (0..<6).map { number in
            DepartmentFigures(
                department: "d\(number)", payments: 20, total: number < 3 ? 10 : 1_000_000 + Double(number),
                vendorHHI: 100, lastQuarter: 0.25, newest: 1, before: 1)
        }
        return try DepartmentClusters(figures, seed: seed, starts: 1).file()
    }

    @discardableResult
    private static func add(
        _ dataset: Slug, _ file: [UInt8], kind: ModelKind = .clustering, activate: Bool = false
    ) async throws -> Int64 {
        let model = StoredModel(
            dataset: dataset, kind: kind, training: LocalDay("2020-01-01")!...LocalDay("2020-12-31")!,
            test: LocalDay("2021-01-01")!...LocalDay("2021-06-30")!, payments: 12, features: ["a", "b"],
            parameters: "{\"seed\": 1}", metrics: "{\"members\": [1], \"inertia\": 0.5}", digest: "", bytes: 0,
            library: "a library")
        return try await withConnection { try await ModelWriter($0).add(model, file: file, activate: activate) }
    }

    private static func states(_ dataset: Slug) async throws -> [StoredModel.State] {
        try await store { try await $0.models(ModelQuery(dataset: dataset), PageRequest(limit: 100)).rows }
            .sorted { $0.id < $1.id }.map(\.state)
    }

    @Test func whatIsStoredIsReadAgain() async throws {
        try await Self.dataset("kept")
        let file = try Self.file(1)
        let id = try await Self.add("kept", file)
        let model = try #require(try await Self.store { try await $0.model(id) })
        #expect(model.dataset == "kept")
        #expect(model.state == .candidate)
        #expect(model.activatedAt == nil)
        #expect(model.training == LocalDay("2020-01-01")!...LocalDay("2020-12-31")!)
        #expect(model.test == LocalDay("2021-01-01")!...LocalDay("2021-06-30")!)
        #expect(model.payments == 12)
        #expect(model.features == ["a", "b"])
        #expect(model.metrics == "{\"inertia\": 0.5, \"members\": [1]}")
        #expect(model.bytes == file.count)
        #expect(model.drift == nil)
        #expect(try await Self.store { try await $0.file(of: id) } == file)
        // A list has no members of clusters.
        let listed = try await Self.store { try await $0.models(ModelQuery(dataset: "kept"), PageRequest(limit: 1)) }
        #expect(listed.rows[0].metrics == "{\"inertia\": 0.5}")
    }

    @Test func theSameFileIsTheSameModel() async throws {
        try await Self.dataset("same")
        let first = try await Self.add("same", try Self.file(1))
        #expect(try await Self.add("same", try Self.file(1)) == first)
        #expect(try await Self.add("same", try Self.file(2)) != first)
    }

    @Test func oneOfAKindIsActiveAndGoingBackIsAnActivation() async throws {
        try await Self.dataset("turns")
        let ids = [try await Self.add("turns", try Self.file(1)), try await Self.add("turns", try Self.file(2))]
        let other = try await Self.add("turns", try Self.file(1), kind: .classification)
        for (place, expected) in [(0, [StoredModel.State.active, .candidate]), (1, [.retired, .active])] {
            #expect(try await Self.store { try await $0.activate(ids[place]) }?.state == .active)
            #expect(try await Self.states("turns").prefix(2) == expected[...])
        }
        #expect(try await Self.store { try await $0.activate(ids[0]) }?.state == .active)
        #expect(try await Self.states("turns") == [.active, .retired, .candidate])
        #expect(try await Self.store { try await $0.active(.clustering, of: "turns") } == ids[0])
        #expect(try await Self.store { try await $0.active(.classification, of: "turns") } == nil)
        #expect(try await Self.store { try await $0.activate(999_999) } == nil)
        // A file of another kind is foreign.
        await #expect(throws: UnusableModel.self) { try await Self.store { try await $0.activate(other) } }
        #expect(try await Self.states("turns")[2] == .candidate)
    }

    @Test func activationsAtTheSameTimeLeaveOneActive() async throws {
        try await Self.dataset("race")
        var ids: [Int64] = []
        for seed in 1...6 as ClosedRange<UInt64> { ids.append(try await Self.add("race", try Self.file(seed))) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids { group.addTask { _ = try await Self.store { try await $0.activate(id) } } }
            try await group.waitForAll()
        }
        let states = try await Self.states("race")
        #expect(states.count { $0 == .active } == 1)
        #expect(states.count { $0 == .retired } == 5)
    }

    @Test func aDamagedFileIsRefusedByItsHash() async throws {
        try await Self.dataset("damaged")
        let id = try await Self.add("damaged", try Self.file(1))
        try await withConnection { connection in
            try await connection.query("UPDATE models SET file = set_byte(file, 40, 0) WHERE id = $1", [id])
        }
        await #expect(throws: UnusableModel.self) { try await Self.store { try await $0.file(of: id) } }
        await #expect(throws: UnusableModel.self) { try await Self.store { try await $0.activate(id) } }
        #expect(try await Self.states("damaged") == [.candidate])
    }

    @Test func everyChangeOfWhatIsActiveIsAnnounced() async throws {
        try await Self.dataset("told")
        func version() async throws -> Int64 { try await value("SELECT version FROM model_version") }
        let before = try await version()
        let id = try await Self.add("told", try Self.file(1))
        let added = try await version()
        #expect(added > before)
        try await withConnection { listener in
            try await listener.listen("hextant_models")
            _ = try await Self.store { try await $0.activate(id) }
            #expect(try await !listener.notifications(within: .seconds(20)).isEmpty)
        }
        let activated = try await version()
        #expect(activated > added)
        // Drift changes nothing of what is active.
        let drift = StoredModel.Drift(
            measuredAt: Instant(seconds: 1_600_000_000), rows: 5, index: 0.5, indexes: "{\"clusters\": 0.5}")
        try await withConnection { try await ModelWriter($0).note(drift, of: id) }
        #expect(try await version() == activated)
        #expect(try await Self.store { try await $0.model(id) }?.drift == drift)
    }

    @Test func oldModelsAreDeletedAndTheActiveOneStays() async throws {
        try await Self.dataset("many")
        let first = try await Self.add("many", try Self.file(1), activate: true)
        for seed in 2...30 as ClosedRange<UInt64> { try await Self.add("many", try Self.file(seed)) }
        let models = try await Self.store { try await $0.models(ModelQuery(dataset: "many"), PageRequest(limit: 100)) }
        #expect(models.rows.count == ModelWriter.kept + 1)
        #expect(models.rows.last?.id == first)
    }

    @Test func paymentsComeInOneOrderHoweverTheyWereStored() async throws {
        try await Self.dataset("ordered")
        try await withConnection { connection in
            try await connection.query(
                """
                INSERT INTO expenditures (
                    dataset, source_id, fiscal_year, entered, vendor, department, account, account_description, amount)
                VALUES ('ordered', 'b', 2020, '2020-02-01', 'V', 'D', '7', 'repairs', 12.34),
                    ('ordered', 'a', NULL, '2020-02-01', NULL, NULL, '8', NULL, -5),
                    ('ordered', 'c', 2019, '2019-01-01', 'W', 'D', NULL, NULL, 99999.99),
                    ('ordered', 'd', 2020, NULL, 'V', 'D', NULL, NULL, 1)
                """)
        }
        let input = ModelInput(TestDatabase.options, sql: try Checkout.sql(), dataset: "ordered")
        let table = try await input.payments()
        #expect(table.amounts == [9_999_999, -500, 1234])
        #expect(table.years == [2019, nil, 2020])
        #expect((0..<3).map { table.accounts.key($0) } == [nil, "8", "repairs"])
        let newest = try await input.payments(after: LocalDay("2019-06-01"), limit: 1)
        #expect(newest.amounts == [1234])
        try await Self.dataset("plain", holds: "events")
        await #expect(throws: StorageError.self) {
            try await ModelInput(TestDatabase.options, sql: Checkout.sql(), dataset: "plain").payments()
        }
    }

    /// Fiscal years end in June: 2019 and 2020 are full, 2021 has come to September.
    @Test func figuresOfDepartmentsByHand() async throws {
        try await Self.dataset("figures")
        try await withConnection { connection in
            try await connection.query(
                """
                INSERT INTO expenditures (dataset, source_id, fiscal_year, entered, vendor, department, amount)
                SELECT 'figures', 'a' || m, 2019 + (m / 12), '2018-07-15'::date + make_interval(months => m),
                    CASE WHEN m % 2 = 0 THEN 'x' ELSE 'y' END, 'parks', 100
                FROM generate_series(0, 26) AS m
                """)
        }
        let input = ModelInput(TestDatabase.options, sql: try Checkout.sql(), dataset: "figures")
        let (figures, days, payments) = try await input.departments()
        let parks = try #require(figures.first)
        #expect(figures.count == 1)
        #expect(payments == 27)
        #expect(days == LocalDay("2018-07-15")!...LocalDay("2020-09-15")!)
        #expect(parks.payments == 27)
        #expect(parks.total == 2700)
        // 1,400 and 1,300 of 2,700, in percent, squared and added.
        #expect(abs(parks.vendorHHI - 10_000 * (1400.0 * 1400 + 1300 * 1300) / (2700 * 2700)) < 1e-9)
        // Of the two full years six of 24 months are April to June.
        #expect(parks.lastQuarter == 0.25)
        // July to September of this year and of the one before.
        #expect(parks.newest == 300)
        #expect(parks.before == 300)
    }
}
