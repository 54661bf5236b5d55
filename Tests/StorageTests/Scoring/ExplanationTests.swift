import Domain
import H3
import Risk
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct ExplanationTests {
    private static func event(_ day: String) -> SampleEvent { SampleEvent(time: "\(day)T12:00:00Z") }

    private static func explanation(_ dataset: Dataset, _ day: String) async throws -> ScoreExplanation? {
        let event = SampleEvent()
        let cell = try H3Cell(latitude: event.latitude, longitude: event.longitude, resolution: 7)
        return try await withConnection { connection in
            try await ExplanationStore(connection, sql: Checkout.sql()).explanation(
                dataset: dataset.slug, cell: cell, day: try #require(LocalDay(day)))
        }
    }

    @Test func everyNumberOfAScoreIsTold() async throws {
        var dataset = try await Dataset.stored("why")
        dataset.weights = RiskWeights(count: 1, growth: 2, average: 3)
        dataset.thresholds = RiskThresholds(medium: 10, high: 20, critical: 90.5, flagZ: 1.5)
        let store = try IngestStore.ofTheSuite()
        let days = ["2021-06-01", "2021-06-06", "2021-06-08", "2021-06-08"]
        try await store.ingest([EventChunk(days.map(Self.event))], into: "why", content: "a")
        let scoring = ScoringRun(TestDatabase.options, sql: try Checkout.sql())
        let run = try await scoring.run(.init(dataset: dataset, resolutions: [7]))
        let found = try #require(try await Self.explanation(dataset, "2021-06-08"))
        #expect(found.run.number == run.run)
        #expect(found.run.rows == 3)
        #expect(found.run.days == run.days)
        #expect(found.weights == dataset.weights)
        #expect(found.run.thresholds == dataset.thresholds)
        #expect(found.window.map(\.count) == [1, 0, 0, 0, 0, 1, 0, 2])
        #expect("\(found.window[0].day)" == "2021-06-01")
        #expect(found.previous == 2.0 / 7)
        #expect(found.figures.count == 2)
        #expect(found.figures.rolling7dAvg == 3.0 / 7)
        // (2 - 2/7) / (2/7) = 6; the counts of the eight days are 1 0 0 0 0 1 0 2: mean 1/2, sd 1/sqrt 2.
        #expect(abs(found.figures.growthRate - 6) < 1e-12)
        #expect(abs(found.figures.risk - (2 + 12 + 9.0 / 7)) < 1e-12)
        // The other rows: 1 + 2 * 7 + 3 / 7 on the first day, and 1 + 2 * 6 + 6 / 7 five days later.
        #expect(abs(found.run.highestRisk - (15 + 3.0 / 7)) < 1e-12)
        #expect(abs(found.run.lowestRisk - (13 + 6.0 / 7)) < 1e-12)
        #expect(abs(found.figures.score - 1000.0 / 11) < 1e-9)
        #expect(found.figures.level == .critical)
        #expect(found.events == 4)
        #expect(found.spread.mean == 0.5)
        #expect(abs(found.spread.deviation - 0.5.squareRoot()) < 1e-12)
        #expect(abs(found.figures.zScore - 1.5 * 2.0.squareRoot()) < 1e-12)
        #expect(found.figures.isFlagged)
        #expect(found.isCurrent)
        try await store.ingest([EventChunk([Self.event("2021-06-05")])], into: "why", content: "b")
        #expect(try await Self.explanation(dataset, "2021-06-08")?.isCurrent == false)
        #expect(try await Self.explanation(dataset, "2021-06-01")?.isCurrent == true)
    }

    @Test func aDayWithoutARowHasNoExplanation() async throws {
        let dataset = try await Dataset.stored("none")
        #expect(try await Self.explanation(dataset, "2021-06-01") == nil)
    }

    @Test func thresholdsAreKeptWithTheDataset() async throws {
        var dataset = try await Dataset.stored("thresholds")
        #expect(dataset.thresholds == .standard)
        dataset.thresholds = RiskThresholds(medium: 1, high: 2, critical: 3, flagZ: 4)
        try await withConnection { connection in
            let store = DatasetStore(connection, sql: try Checkout.sql())
            #expect(try await store.put(dataset) == false)
            #expect(try await store.dataset("thresholds").thresholds == dataset.thresholds)
            dataset.thresholds = RiskThresholds(medium: 2, high: 1, critical: 3, flagZ: 4)
            await #expect(throws: StorageError.self) { try await store.put(dataset) }
        }
    }
}
