import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct DatasetStoreTests {
    private static let full = Dataset(
        slug: "full", title: "Füll", licence: "CC-BY-4.0", licenceURL: "https://example.org/licence",
        attribution: "Somebody", timeZone: "Pacific/Auckland", visibility: .private, resolutions: [5, 7, 9],
        weights: RiskWeights(count: 0.1, growth: 0.25, average: 3))

    private static func put(_ dataset: Dataset) async throws -> Bool {
        try await withConnection { try await DatasetStore($0, sql: Checkout.sql()).put(dataset) }
    }

    @Test func aDatasetIsAddedReadAndBroughtUpToDate() async throws {
        try await withConnection { connection in
            let store = DatasetStore(connection, sql: try Checkout.sql())
            var dataset = Self.full
            #expect(try await store.put(dataset))
            #expect(try await store.dataset("full") == dataset)
            dataset.title = "Another"
            dataset.licenceURL = nil
            dataset.visibility = .public
            dataset.resolutions = [8]
            #expect(try await !store.put(dataset))
            #expect(try await store.dataset("full") == dataset)
            #expect(try await store.status(of: "full")?.dataset == dataset)
        }
    }

    @Test func anUnknownSlugSaysHowToAddOne() async throws {
        try await withConnection { connection in
            let store = DatasetStore(connection, sql: try Checkout.sql())
            let error = await #expect(throws: StorageError.self) { try await store.dataset("nowhere") }
            #expect(error?.code == .dataset)
            #expect(error?.message.contains("there is no dataset nowhere") == true)
        }
    }

    @Test(arguments: [
        "Mars/Phobos", "", "+02", "america/toronto ", "localtime", "posixrules", "Factory", "posix/America/Toronto",
        "right/America/Toronto", "America/Nowhere",
    ])
    func aZoneTheDatabaseDoesNotKnowIsRefused(_ zone: String) async throws {
        var dataset = Self.full
        dataset.slug = "zone"
        dataset.timeZone = zone
        let refused = dataset
        let error = await #expect(throws: StorageError.self) { try await Self.put(refused) }
        #expect(error?.code == .dataset)
        #expect(error?.message.hasPrefix("time_zone: \"\(zone)\"") == true)
    }

    @Test(arguments: [[], [16], [-1, 7], [65_543]])
    func resolutionsOutOfRangeAreRefused(_ resolutions: [Int]) async throws {
        var dataset = Self.full
        dataset.slug = "resolutions"
        dataset.resolutions = resolutions
        let refused = dataset
        let error = await #expect(throws: StorageError.self) { try await Self.put(refused) }
        #expect(error?.code == .dataset)
    }

    @Test(arguments: [
        RiskWeights(count: 1e308, growth: 1, average: 1), RiskWeights(count: .nan, growth: 1, average: 1),
        RiskWeights(count: -1, growth: 1, average: 1), RiskWeights(count: 0, growth: 0, average: 0),
    ])
    func weightsThatCannotBeScoredByAreRefused(_ weights: RiskWeights) async throws {
        var dataset = Self.full
        dataset.slug = "weights"
        dataset.weights = weights
        let refused = dataset
        let error = await #expect(throws: StorageError.self) { try await Self.put(refused) }
        #expect(error?.message.hasPrefix("weights: ") == true)
        dataset.weights = .standard
        _ = try await Self.put(dataset)
        // They cannot be stored by other means either.
        try await withConnection { connection in
            let stored = await #expect(throws: PostgresError.self) {
                try await connection.query(
                    """
                    UPDATE datasets SET weight_count = $1, weight_growth = $2, weight_average = $3
                    WHERE slug = 'weights'
                    """, [weights.count, weights.growth, weights.average])
            }
            #expect(stored?.sqlState == "23514")
        }
    }

    @Test func aLinkThatWasStoredByOtherMeansIsNone() async throws {
        var dataset = Self.full
        dataset.slug = "linked"
        _ = try await Self.put(dataset)
        try await withConnection { connection in
            try await connection.query(
                "UPDATE datasets SET licence_url = 'javascript:alert(1)' WHERE slug = 'linked'", [])
            let store = DatasetStore(connection, sql: try Checkout.sql())
            #expect(try await store.dataset("linked").licenceURL == nil)
            #expect(try await store.status(of: "linked")?.dataset.licenceURL == nil)
        }
    }

    @Test func pagesHoldWhatTheScopeCovers() async throws {
        for (number, visibility) in [Dataset.Visibility.public, .private, .public, .private, .private].enumerated() {
            var dataset = Self.full
            dataset.slug = "page-\(number)"
            dataset.visibility = visibility
            _ = try await Self.put(dataset)
        }
        try await withReaders { readers in
            let store = DatasetStore(readers, sql: try Checkout.sql())
            func slugs(_ scope: DatasetScope, limit: Int) async throws -> [Slug] {
                var slugs: [Slug] = []
                var page = PageRequest<DatasetStatus>(after: "page", limit: limit)
                repeat {
                    let found = try await store.datasets(scope, page)
                    #expect(found.rows.count <= limit)
                    slugs += found.rows.map(\.dataset.slug).filter { $0.text.hasPrefix("page-") }
                    page.after = found.next
                } while page.after != nil
                return slugs
            }
            for limit in [1, 2, 3, 10] {
                let all = (0..<5).map { "page-\($0)" as Slug }
                #expect(try await slugs(.all, limit: limit) == all)
                #expect(try await slugs(DatasetScope(.open), limit: limit) == [all[0], all[2]])
                #expect(
                    try await slugs(DatasetScope(.open, named: [all[2], all[3]]), limit: limit)
                        == [all[0], all[2], all[3]])
                #expect(
                    try await slugs(DatasetScope(.none, named: [all[4], all[0], "page-9"]), limit: limit)
                        == [all[0], all[4]])
                #expect(try await slugs(DatasetScope(.none), limit: limit).isEmpty)
            }
        }
    }

    /// Servers cache descriptions for as long as this number is unchanged.
    @Test func everyChangeOfADescriptionIsHeardOf() async throws {
        var dataset = Self.full
        dataset.slug = "heard"
        _ = try await Self.put(dataset)
        let before: Int64 = try await value("SELECT version FROM access_version")
        dataset.attribution = "Somebody else"
        _ = try await Self.put(dataset)
        #expect(try await value("SELECT version FROM access_version", as: Int64.self) > before)
    }

    @Test func statusTellsTheExtentOfWhatIsServed() async throws {
        let dataset = try await Dataset.stored("served")
        _ = try await Dataset.stored("unserved")
        let cells = try [7, 8].map { try H3Cell(latitude: 10, longitude: 20, resolution: $0) }
        try await [RiskRow.sample(cells[0], "2021-06-03"), .sample(cells[1], "2021-06-01")].serve("served")
        try await withReaders { readers in
            let all = try await DatasetStore(readers, sql: Checkout.sql()).datasets(.all, PageRequest(limit: 1000)).rows
            #expect(all.map(\.dataset.slug) == all.map(\.dataset.slug).sorted())
            let status = try #require(all.first { $0.dataset.slug == "served" })
            #expect(status.dataset == dataset)
            #expect(status.days?.lowerBound == LocalDay("2021-06-01"))
            #expect(status.days?.upperBound == LocalDay("2021-06-03"))
            let vertices = cells.flatMap { Array($0.boundary) }
            #expect(status.bounds?.west == vertices.map(\.longitude).min())
            #expect(status.bounds?.north == vertices.map(\.latitude).max())
            #expect(status.generation > 0)
            let unserved = try #require(all.first { $0.dataset.slug == "unserved" })
            #expect(unserved.days == nil)
            #expect(unserved.bounds == nil)
            #expect(unserved.generation == status.generation)
        }
    }
}
