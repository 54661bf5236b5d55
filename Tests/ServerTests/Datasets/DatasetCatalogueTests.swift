import HTTPTypes
import Logging
import Risk
import Testing
import Tiles

@testable import Server

@Suite struct DatasetCatalogueTests {
    private struct Away: Error {}

    private func catalogue(_ store: MemoryStore, defaultSlug: String? = nil, maxAge: Duration = .seconds(600))
        -> DatasetCatalogue
    {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return DatasetCatalogue(
            store, generation: store.generation, defaultSlug: defaultSlug, maxAge: maxAge, logger: logger)
    }

    @Test func theListIsAskedForOnce() async throws {
        let store = MemoryStore()
        let catalogue = catalogue(store)
        for _ in 0..<10 { _ = try await catalogue.dataset("toronto") }
        #expect(store.now.datasetsAsked == 1)
        #expect(store.generation.value == 7)
    }

    @Test func aNewVersionOfTheViewIsSeenAtOnce() async throws {
        let store = MemoryStore()
        let catalogue = catalogue(store)
        _ = try await catalogue.dataset(nil)
        store.change { state in
            state.datasets = [
                .changed { status in
                    status.days = LocalDay("2014-01-01")!...LocalDay("2022-01-01")!
                    status.generation = 8
                }
            ]
        }
        #expect(try await catalogue.dataset(nil).days?.upperBound == LocalDay("2021-12-31"))
        store.generation.advance(to: 8)
        #expect(try await catalogue.dataset(nil).days?.upperBound == LocalDay("2022-01-01"))
    }

    @Test func aListThatARefreshOvertookIsNotKept() async throws {
        let store = MemoryStore()
        let generation = store.generation
        store.change { state in state.afterDatasets = { generation.advance(to: 8) } }
        let catalogue = catalogue(store)
        _ = try await catalogue.dataset(nil)
        store.change { state in state.datasets = [.changed { $0.generation = 8 }] }
        #expect(try await catalogue.dataset(nil).generation == 8)
        _ = try await catalogue.dataset(nil)
        #expect(store.now.datasetsAsked == 2)
    }

    @Test func anOldListIsAskedForAgain() async throws {
        let store = MemoryStore()
        let catalogue = catalogue(store, maxAge: .zero)
        for _ in 0..<3 { _ = try await catalogue.dataset(nil) }
        #expect(store.now.datasetsAsked == 3)
    }

    @Test func whileTheStoreIsAwayTheOldListIsUsed() async throws {
        let store = MemoryStore()
        let catalogue = catalogue(store, maxAge: .zero)
        _ = try await catalogue.dataset(nil)
        store.change { $0.failure = Away() }
        #expect(try await catalogue.dataset("toronto").dataset.slug == "toronto")
    }

    @Test func withoutAnyListTheErrorIsTold() async throws {
        let store = MemoryStore { $0.failure = Away() }
        await #expect(throws: Away.self) { try await catalogue(store).dataset(nil) }
    }

    @Test func aPrivateDatasetIsNotToldFromNone() async throws {
        let store = MemoryStore { $0.datasets = [.changed { $0.dataset.visibility = .private }] }
        let catalogue = catalogue(store, defaultSlug: "toronto")
        var problems: [Problem] = []
        for slug in ["toronto", "nowhere", nil] {
            do {
                _ = try await catalogue.dataset(slug)
            } catch let problem as Problem {
                problems.append(problem)
            }
        }
        #expect(problems.map(\.status) == [.notFound, .notFound, .notFound])
        #expect(problems[0].detail == problems[1].detail.replacing("nowhere", with: "toronto"))
    }

    @Test func theDefaultIsTheConfiguredOneOrTheFirst() async throws {
        let store = MemoryStore { state in
            state.datasets = [.changed { $0.dataset.slug = "aaa" }, .toronto]
        }
        #expect(try await catalogue(store).dataset(nil).dataset.slug == "aaa")
        #expect(try await catalogue(store, defaultSlug: "toronto").dataset(nil).dataset.slug == "toronto")
    }
}
