import Domain
import TestDomain
import Testing
import TileMath

@testable import Tiles

@Suite struct CurrentGenerationTests {
    @Test func itIsUnknownAtFirst() {
        #expect(CurrentGeneration().value == nil)
    }

    @Test func itOnlyGrows() {
        let generation = CurrentGeneration()
        generation.advance(to: 0)
        #expect(generation.value == 0)
        generation.advance(to: 5)
        generation.advance(to: 3)
        #expect(generation.value == 5)
    }

    @Test func theGreatestOfManyWins() async {
        let generation = CurrentGeneration()
        await withTaskGroup(of: Void.self) { group in
            for number in (0..<1000).shuffled() { group.addTask { generation.advance(to: Int64(number)) } }
        }
        #expect(generation.value == 999)
    }
}

/// The versions of tiles while days change.
@Suite struct TileVersionTests {
    private let generation = CurrentGeneration()

    private func key(_ day: String, dataset: Slug = "toronto", to last: String? = nil) throws -> TileKey {
        TileKey(
            dataset: dataset, day: try #require(LocalDay(day)), lastDay: last.flatMap { LocalDay($0) }, resolution: 8,
            address: try TileAddress(z: 10, x: 286, y: 373))
    }

    private func change(_ day: String?, _ generation: Int64, _ dataset: Slug = "toronto") -> ServedChange {
        ServedChange(dataset: dataset, day: day.flatMap { LocalDay($0) }, generation: generation)
    }

    private func hear(_ newest: Int64, whole: Int64, _ changes: [ServedChange]) {
        generation.hear(ServedNews(generation: newest, whole: whole, changes: changes))
    }

    @Test func aLiveDayLeavesTilesOfOtherDaysAndDatasetsValid() throws {
        hear(6, whole: 4, [change("2021-06-02", 5), change("2021-06-03", 6)])
        #expect(generation.value == 6)
        #expect(generation.version(of: try key("2021-06-01")) == 4)
        #expect(generation.version(of: try key("2021-06-02")) == 5)
        #expect(generation.version(of: try key("2021-06-03")) == 6)
        #expect(generation.version(of: try key("2021-06-02", dataset: "boston")) == 4)
        #expect(generation.refreshed == 4)
    }

    @Test func aTileOfSeveralDaysHasTheNewestVersionOfThem() throws {
        hear(6, whole: 4, [change("2021-06-02", 6), change("2021-06-03", 5)])
        #expect(generation.version(of: try key("2021-06-01", to: "2021-06-02")) == 6)
        #expect(generation.version(of: try key("2021-06-03", to: "2021-06-09")) == 5)
        #expect(generation.version(of: try key("2021-06-04", to: "2021-06-09")) == 4)
    }

    @Test func aRefreshOfADatasetChangesAllItsDays() throws {
        hear(5, whole: 4, [change("2021-06-02", 5)])
        hear(6, whole: 4, [change(nil, 6)])
        #expect(generation.version(of: try key("2021-06-01")) == 6)
        #expect(generation.version(of: try key("2021-06-02")) == 6)
        #expect(generation.version(of: try key("2021-06-01", dataset: "boston")) == 4)
        #expect(generation.refreshed == 6)
        // Older news changes nothing.
        hear(5, whole: 4, [change("2021-06-02", 5)])
        #expect(generation.version(of: try key("2021-06-02")) == 6)
    }

    @Test func aRefreshOfEverythingLeavesOnlyWhatBecameLiveLater() throws {
        hear(6, whole: 4, [change("2021-06-02", 5), change(nil, 6, "boston")])
        hear(8, whole: 7, [change("2021-06-03", 8)])
        #expect(generation.version(of: try key("2021-06-02")) == 7)
        #expect(generation.version(of: try key("2021-06-03")) == 8)
        #expect(generation.version(of: try key("2021-06-02", dataset: "boston")) == 7)
    }

    @Test func tooManyChangesToTellAreAChangeOfEverything() throws {
        generation.hear(ServedNews(generation: 9, whole: 4, changes: nil))
        #expect(generation.version(of: try key("2021-06-02")) == 9)
    }

    /// Beyond the limit versions may be too new, but never too old.
    @Test func memoryIsBounded() throws {
        let generation = CurrentGeneration(dayLimit: 10)
        let first = try #require(LocalDay("2021-01-01"))
        for number in 0..<25 {
            let change = ServedChange(
                dataset: "toronto", day: first.advanced(by: number), generation: Int64(5 + number))
            generation.hear(ServedNews(generation: change.generation, whole: 4, changes: [change]))
            for earlier in 0...number {
                let day = first.advanced(by: earlier)
                let version = generation.version(of: try key("\(day)"))
                #expect(try #require(version) >= Int64(5 + earlier))
            }
        }
        #expect(generation.version(of: try key("2022-01-01")) == 4 + 22)
        #expect(generation.version(of: try key("2022-01-01", dataset: "boston")) == 4)
    }

    @Test func whatATileTellsIsKnownOfItsDayAlone() throws {
        generation.advance(to: 4)
        generation.note(6, of: try key("2021-06-02"))
        #expect(generation.value == 6)
        #expect(generation.version(of: try key("2021-06-02")) == 6)
        #expect(generation.version(of: try key("2021-06-03")) == 4)
    }
}
