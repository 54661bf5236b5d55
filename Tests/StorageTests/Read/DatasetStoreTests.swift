import H3
import Postgres
import Risk
import Storage
import TestDatabase
import Testing

@Suite(.migratedDatabase, .serialized)
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
            #expect(try await store.datasets().count { $0.dataset.slug == "full" } == 1)
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

    @Test(arguments: ["Mars/Phobos", "", "+02", "america/toronto "])
    func aZoneTheDatabaseDoesNotKnowIsRefused(_ zone: String) async throws {
        var dataset = Self.full
        dataset.slug = "zone"
        dataset.timeZone = zone
        let refused = dataset
        let error = await #expect(throws: StorageError.self) { try await Self.put(refused) }
        #expect(error?.code == .dataset)
        #expect(error?.message.hasPrefix("time_zone: \"\(zone)\"") == true)
    }

    @Test(arguments: [
        ("Upper", [7]), ("", [7]), ("-dash", [7]), ("a b", [7]), (String(repeating: "a", count: 64), [7]),
        ("resolutions", []), ("resolutions", [16]), ("resolutions", [-1, 7]), ("resolutions", [65_543]),
    ])
    func aDescriptionOutOfRangeIsRefused(_ slug: String, _ resolutions: [Int]) async throws {
        var dataset = Self.full
        dataset.slug = slug
        dataset.resolutions = resolutions
        let refused = dataset
        let error = await #expect(throws: StorageError.self) { try await Self.put(refused) }
        #expect(error?.code == .dataset)
    }

    @Test func statusTellsTheExtentOfWhatIsServed() async throws {
        let dataset = try await Dataset.stored("served")
        _ = try await Dataset.stored("unserved")
        let cells = try [7, 8].map { try H3Cell(latitude: 10, longitude: 20, resolution: $0) }
        try await [RiskRow.sample(cells[0], "2021-06-03"), .sample(cells[1], "2021-06-01")].serve("served")
        try await withReaders { readers in
            let all = try await DatasetStore(readers, sql: Checkout.sql()).datasets()
            #expect(all.map(\.dataset.slug) == all.map(\.dataset.slug).sorted())
            let status = try #require(all.first { $0.dataset.slug == "served" })
            #expect(status.dataset == dataset)
            #expect(
                status.days?.lowerBound == LocalDay("2021-06-01") && status.days?.upperBound == LocalDay("2021-06-03"))
            let vertices = cells.flatMap { Array($0.boundary) }
            #expect(status.bounds?.west == vertices.map(\.longitude).min())
            #expect(status.bounds?.north == vertices.map(\.latitude).max())
            #expect(status.generation > 0)
            let unserved = try #require(all.first { $0.dataset.slug == "unserved" })
            #expect(unserved.days == nil && unserved.bounds == nil && unserved.generation == status.generation)
        }
    }
}
