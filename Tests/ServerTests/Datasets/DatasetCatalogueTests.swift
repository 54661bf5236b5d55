import Accounts
import Domain
import HTTPTypes
import Logging
import TestDomain
import Testing
import TileMath
import Tiles

@testable import Server
@testable import Web

@Suite struct DatasetCatalogueTests {
    private struct Away: Error {}

    private func catalogue(
        _ store: MemoryStore, access: AccessVersion? = nil, defaultSlug: Slug? = nil,
        maxAge: Duration = .seconds(600), limit: Int = 100
    ) -> DatasetCatalogue {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return DatasetCatalogue(
            store, generation: store.generation, access: access, defaultSlug: defaultSlug, maxAge: maxAge,
            limit: limit, logger: logger)
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
        _ = try await catalogue.dataset("toronto")
        store.change { $0.failure = Away() }
        #expect(try await catalogue.dataset("toronto").dataset.slug == "toronto")
    }

    @Test func whileTheStoreIsAwayAListFromBeforeAChangeOfRightsIsNotUsed() async throws {
        let store = MemoryStore()
        let access = AccessVersion(1)
        let catalogue = catalogue(store, access: access)
        _ = try await catalogue.dataset("toronto")
        store.change { $0.failure = Away() }
        access.hear(2)
        await #expect(throws: Away.self) { try await catalogue.dataset("toronto") }
        access.lose()
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
        for slug in ["toronto", "nowhere", nil] as [Slug?] {
            do {
                _ = try await catalogue.dataset(slug)
            } catch let problem as Problem {
                problems.append(problem)
            }
        }
        #expect(problems.map(\.status) == [.notFound, .notFound, .notFound])
        #expect(problems[0].detail == problems[1].detail.replacing("nowhere", with: "toronto"))
    }

    @Test func aChangeOfRightsIsSeenAtOnce() async throws {
        let store = MemoryStore()
        let access = AccessVersion(1)
        let catalogue = catalogue(store, access: access)
        for _ in 0..<3 { _ = try await catalogue.dataset("toronto") }
        #expect(store.now.datasetsAsked == 1)
        store.change { $0.datasets = [.changed { $0.dataset.visibility = .private }] }
        access.hear(2)
        await #expect(throws: Problem.self) { try await catalogue.dataset("toronto") }
    }

    @Test func aListThatAChangeOfRightsOvertookIsNotKept() async throws {
        let access = AccessVersion(1)
        let store = MemoryStore { $0.afterDatasets = { access.hear(2) } }
        let catalogue = catalogue(store, access: access)
        _ = try await catalogue.dataset("toronto")
        store.change { $0.datasets = [.changed { $0.dataset.visibility = .private }] }
        await #expect(throws: Problem.self) { try await catalogue.dataset("toronto") }
    }

    @Test func noListIsKeptWhileChangesOfRightsWouldNotBeHeardOf() async throws {
        let store = MemoryStore()
        let access = AccessVersion()
        let catalogue = catalogue(store, access: access)
        for _ in 0..<3 { _ = try await catalogue.dataset("toronto") }
        #expect(store.now.datasetsAsked == 3)
        access.hear(5)
        for _ in 0..<3 { _ = try await catalogue.dataset("toronto") }
        #expect(store.now.datasetsAsked == 4)
        access.lose()
        _ = try await catalogue.dataset("toronto")
        #expect(store.now.datasetsAsked == 5)
    }

    @Test func whoHasAGrantSeesThePrivateDatasetAndWhoIsConfinedNoOther() async throws {
        let store = MemoryStore {
            $0.datasets = [
                .toronto,
                .changed {
                    $0.dataset.slug = "secret"
                    $0.dataset.visibility = .private
                },
            ]
        }
        let catalogue = catalogue(store)
        let granted = Principal(identity: .user("ada"), role: .public, granted: ["secret"])
        #expect(try await slugs(catalogue, granted) == ["secret", "toronto"])
        let confined = Principal(identity: .key("k"), role: .analyst, confinedTo: ["secret"])
        #expect(try await slugs(catalogue, confined) == ["secret"])
        #expect(try await catalogue.dataset(nil, for: confined).dataset.slug == "secret")
        await #expect(throws: Problem.self) { try await catalogue.dataset("toronto", for: confined) }
    }

    private func slugs(_ catalogue: DatasetCatalogue, _ principal: Principal) async throws -> [Slug] {
        try await catalogue.page(for: principal, PageRequest(limit: 10)).rows.map(\.dataset.slug)
    }

    private static func many(_ count: Int) -> [DatasetStatus] {
        (0..<count).map { number in .changed { $0.dataset.slug = "d\(number)" } }
    }

    @Test func aLookUpAsksForOneDatasetHoweverManyThereAre() async throws {
        let store = MemoryStore { $0.datasets = Self.many(5000) }
        let catalogue = catalogue(store)
        let admin = Principal(identity: .user("root"), role: .admin)
        for principal in [Principal.anonymous, admin] {
            for slug in [nil, "d17", "d4999"] as [Slug?] { _ = try await catalogue.dataset(slug, for: principal) }
        }
        #expect(store.now.datasetsAsked == 6)
        #expect(store.now.mostDatasetsAsked == 1)
    }

    @Test func noMoreIsRememberedThanStated() async throws {
        let store = MemoryStore { $0.datasets = Self.many(60) }
        let catalogue = catalogue(store, limit: 20)
        for _ in 0..<2 { for number in 0..<60 { _ = try await catalogue.dataset("d\(number)") } }
        #expect(store.now.datasetsAsked >= 60 + 40)
    }

    /// Otherwise the time of an answer would reveal the dataset.
    @Test func aHiddenDatasetThatIsInUseCostsWhatNoneCosts() async throws {
        let store = MemoryStore { $0.datasets = [.changed { $0.dataset.visibility = .private }] }
        let catalogue = catalogue(store)
        let analyst = Principal(identity: .user("ada"), role: .analyst, granted: ["toronto"])
        let other = Principal(identity: .user("bob"), role: .analyst)
        for _ in 0..<3 { _ = try await catalogue.dataset("toronto", for: analyst) }
        for who in [Principal.anonymous, other] {
            var costs: [[Int]] = []
            for slug in ["toronto", "nowhere"] as [Slug] {
                costs.append([])
                for _ in 0..<3 {
                    let before = store.now.datasetsAsked
                    await #expect(throws: Problem.self) { try await catalogue.dataset(slug, for: who) }
                    costs[costs.count - 1].append(store.now.datasetsAsked - before)
                }
            }
            #expect(costs[0] == costs[1])
        }
    }

    @Test func whatAnAddressMeansHoldsUntilItsDatasetChanges() async throws {
        let store = MemoryStore { $0.datasets = [.toronto, .changed { $0.dataset.slug = "zzz" }] }
        let access = AccessVersion(1)
        let catalogue = catalogue(store, access: access)
        func entry(_ slug: Slug?) async throws -> TileAddressBook.Entry {
            let (status, version) = try await catalogue.find(slug, for: .anonymous)
            let key = TileKey(
                dataset: status.dataset.slug, day: LocalDay("2021-12-31")!, resolution: 7,
                address: try .init(z: 10, x: 286, y: 373))
            return .init(key: key, dataset: slug, version: version, route: "tiles")
        }
        let entries = [try await entry(nil), try await entry("toronto"), try await entry("zzz")]
        #expect(entries.map(catalogue.holds) == [true, true, true])
        store.change { $0.datasets[0].dataset.visibility = .private }
        access.hear(2)
        #expect(entries.map(catalogue.holds) == [false, false, false])
        #expect(try await catalogue.dataset(nil).dataset.slug == "zzz")
        _ = try await catalogue.dataset("zzz")
        await #expect(throws: Problem.self) { try await catalogue.dataset("toronto") }
        #expect(entries.map(catalogue.holds) == [false, false, true])
        access.lose()
        #expect(!catalogue.holds(entries[2]))
    }

    @Test func theDefaultIsTheConfiguredOneOrTheFirst() async throws {
        let store = MemoryStore { state in
            state.datasets = [.changed { $0.dataset.slug = "aaa" }, .toronto]
        }
        #expect(try await catalogue(store).dataset(nil).dataset.slug == "aaa")
        #expect(try await catalogue(store, defaultSlug: "toronto").dataset(nil).dataset.slug == "toronto")
    }
}
