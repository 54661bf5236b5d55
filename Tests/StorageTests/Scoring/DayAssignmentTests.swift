import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Which local day an event counts for.
@Suite(migratedDatabase())
struct DayAssignmentTests {
    /// Event counts by day after a run over all events.
    private static func counts(
        _ dataset: Dataset, from: String? = nil, to: String? = nil
    ) async throws -> [String: Int] {
        let request = ScoringRun.Request(
            dataset: dataset, resolutions: [7], from: from.flatMap { LocalDay($0) }, to: to.flatMap { LocalDay($0) })
        _ = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(request)
        return try await withConnection { connection in
            let rows = try await connection.query(
                "SELECT day::text, event_count FROM cell_aggregates WHERE dataset = $1", [dataset.slug])
            return try rows.reduce(into: [:]) { $0[try $1.get(0, as: String.self)] = try $1.get(1, as: Int.self) }
        }
    }

    private static func dataset(_ slug: Slug, _ zone: String, events: [String]) async throws -> Dataset {
        let dataset = try await Dataset.stored(slug, timeZone: zone)
        let chunk = EventChunk(events.map { SampleEvent(time: $0) })
        try await IngestStore.ofTheSuite().ingest([chunk], into: slug, content: "a")
        return dataset
    }

    @Test func midnightOfTheZoneEndsADayOverChangesOfTheClock() async throws {
        let dataset = try await Self.dataset(
            "toronto", "America/Toronto",
            events: [
                "2021-03-14T04:59:59Z", "2021-03-14T05:00:00Z", "2021-03-15T03:59:59Z", "2021-03-15T04:00:00Z",
                "2021-11-07T03:59:59Z", "2021-11-07T04:00:00Z", "2021-11-08T04:59:59Z", "2021-11-08T05:00:00Z",
            ])
        #expect(
            try await Self.counts(dataset) == [
                "2021-03-13": 1, "2021-03-14": 2, "2021-03-15": 1, "2021-11-06": 1, "2021-11-07": 2, "2021-11-08": 1,
            ])
    }

    @Test func aZoneFarEastOfGreenwichIsADayAhead() async throws {
        let dataset = try await Self.dataset(
            "kiritimati", "Pacific/Kiritimati", events: ["2021-01-01T09:59:59Z", "2021-01-01T10:00:00Z"])
        #expect(try await Self.counts(dataset) == ["2021-01-01": 1, "2021-01-02": 1])
    }

    /// On 2017-10-15 the clocks in São Paulo went from 23:59:59 to 01:00.
    @Test func aDayMayBeginWithoutAMidnight() async throws {
        let dataset = try await Self.dataset(
            "sao-paulo", "America/Sao_Paulo", events: ["2017-10-15T02:59:59Z", "2017-10-15T03:00:00Z"])
        #expect(try await Self.counts(dataset, from: "2017-10-15", to: "2017-10-15") == ["2017-10-15": 1])
        #expect(
            try await Self.counts(dataset, from: "2017-10-14", to: "2017-10-14")
                == ["2017-10-14": 1, "2017-10-15": 1])
    }

    /// On 2020-11-01 the clocks in Havana went from 00:59:59 back to 00:00: the day has two midnights.
    @Test func aDayMayHaveTwoMidnights() async throws {
        let dataset = try await Self.dataset(
            "havana", "America/Havana",
            events: ["2020-11-01T03:59:59Z", "2020-11-01T04:30:00Z", "2020-11-08T12:00:00Z"])
        #expect(try await Self.counts(dataset, from: "2020-11-01", to: "2020-11-01") == ["2020-11-01": 1])
        // The week before 2020-11-08 begins with the event at 00:30: previous = 1/7, growth = (1 - 1/7) / (1/7).
        _ = try await Self.counts(dataset, from: "2020-11-08", to: "2020-11-08")
        let growth: Double = try await value(
            "SELECT growth_rate FROM cell_aggregates WHERE dataset = 'havana' AND day = '2020-11-08'")
        #expect(abs(growth - 6) < 1e-9)
    }
}
