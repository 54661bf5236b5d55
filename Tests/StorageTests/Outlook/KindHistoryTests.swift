import Domain
import H3
import Postgres
import Risk
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Counts by kind, which are kept until the events or the types of the kind change.
@Suite(migratedDatabase(), .serialized)
struct KindHistoryTests {
    private static let days = LocalDay("2021-06-01")!...LocalDay("2021-06-30")!

    private static func event(_ day: String, _ type: String, _ longitude: Double = -79.38) -> SampleEvent {
        SampleEvent(time: "2021-06-\(day)T12:00:00Z", longitude: longitude, type: type)
    }

    private static func dataset(_ slug: Slug, _ types: [String]) async throws -> Dataset {
        var dataset = try await Dataset.stored(slug, resolutions: [7, 9])
        dataset.groups = [EventGroup(name: "some", types: types)]
        return dataset
    }

    private static func history(_ dataset: Dataset, _ kind: EventKind) throws -> KindHistory {
        try KindHistory(TestDatabase.options, sql: Checkout.sql(), dataset: dataset, kind: kind, resolutions: [7, 9])
    }

    private static func updated(_ dataset: Dataset, _ kind: EventKind) async throws -> Int {
        let history = try history(dataset, kind)
        return try await withConnection { try await history.update(days, on: $0) { _ in } }
    }

    private static func counts(_ dataset: Dataset, _ kind: EventKind, _ resolution: Int = 9) async throws -> [String] {
        let history = try history(dataset, kind)
        return try await withConnection { connection in
            try await history.counts(days, resolution: resolution, on: connection)
                .map { "\($0.day) \($0.counts.counts)" }
        }
    }

    @Test func onlyChangedDaysAreReadAgain() async throws {
        let dataset = try await Self.dataset("kinds", ["theft", "it's, \"quoted\""])
        let store = try IngestStore.ofTheSuite()
        try await store.ingest(
            [
                EventChunk([
                    Self.event("01", "theft"), Self.event("01", "theft"), Self.event("01", "assault"),
                    Self.event("02", "assault"), Self.event("03", "it's, \"quoted\"", -79.2),
                ])
            ], into: "kinds", content: "a")
        #expect(try await Self.updated(dataset, .group("some")) == 3)
        #expect(
            try await Self.counts(dataset, .group("some")) == ["2021-06-01 [2]", "2021-06-02 []", "2021-06-03 [1]"])
        #expect(try await Self.counts(dataset, .group("some"), 7).count == 3)
        #expect(try await Self.updated(dataset, .group("some")) == 0)
        #expect(try await Self.updated(dataset, .all) == 5)
        #expect(try await Self.counts(dataset, .all) == ["2021-06-01 [3]", "2021-06-02 [1]", "2021-06-03 [1]"])
        try await store.ingest([EventChunk([Self.event("02", "theft")])], into: "kinds", content: "b")
        let history = try Self.history(dataset, .group("some"))
        #expect(try await withConnection { try await history.isCurrent(Self.days, on: $0) } == false)
        #expect(try await Self.updated(dataset, .group("some")) == 1)
        #expect(try await withConnection { try await history.isCurrent(Self.days, on: $0) })
        #expect(
            try await Self.counts(dataset, .group("some")) == ["2021-06-01 [2]", "2021-06-02 [1]", "2021-06-03 [1]"])
    }

    @Test func otherTypesAreCountedAnew() async throws {
        var dataset = try await Self.dataset("renamed", ["theft"])
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([Self.event("01", "theft"), Self.event("01", "fraud"), Self.event("01", "fraud")])],
            into: "renamed", content: "a")
        #expect(try await Self.updated(dataset, .group("some")) == 1)
        dataset.groups = [EventGroup(name: "some", types: ["fraud"])]
        #expect(try await Self.updated(dataset, .group("some")) == 2)
        #expect(try await Self.counts(dataset, .group("some")) == ["2021-06-01 [2]"])
        dataset.groups = []
        let error = #expect(throws: StorageError.self) { try Self.history(dataset, .group("some")) }
        #expect(error?.message == "some is no kind of renamed; its kinds are: all")
        let known = dataset
        try await withConnection { try await KindHistory.forgetOthers(of: known, on: $0) }
        #expect(try await value("SELECT count(*) FROM kind_counts WHERE dataset = 'renamed'") == 0)
    }

    @Test func cellsAndTotalsAreThoseOfAllEvents() async throws {
        let dataset = try await Self.dataset("whole", ["theft"])
        try await IngestStore.ofTheSuite().ingest(
            [
                EventChunk([
                    Self.event("01", "theft"), Self.event("05", "fraud", -79.2), Self.event("05", "fraud", -79.2),
                ])
            ], into: "whole", content: "a")
        _ = try await Self.updated(dataset, .all)
        let history = try Self.history(dataset, .group("some"))
        let (cells, totals) = try await withConnection { connection in
            (
                try await history.cells(Self.days, resolution: 9, on: connection),
                try await history.totals(Self.days, resolution: 9, on: connection)
            )
        }
        let expected = try [-79.38, -79.2].map { try H3Cell(latitude: 43.65, longitude: $0, resolution: 9).bits }
        #expect(cells == expected.sorted())
        #expect(totals == [LocalDay("2021-06-01")!: 1, LocalDay("2021-06-05")!: 2])
    }

    @Test func partsCoverEveryDayOnce() throws {
        let days = LocalDay("2020-01-01")!...LocalDay("2021-06-30")!
        let parts = KindHistory.parts(of: days)
        #expect(parts.first?.lowerBound == days.lowerBound)
        #expect(parts.last?.upperBound == days.upperBound)
        for (one, next) in zip(parts, parts.dropFirst()) {
            #expect(one.upperBound.advanced(by: 1) == next.lowerBound)
        }
        #expect(KindHistory.parts(of: days.lowerBound...days.lowerBound) == [days.lowerBound...days.lowerBound])
    }
}
