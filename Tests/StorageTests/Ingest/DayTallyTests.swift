import Domain
import Foundation
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import TestSupport
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct DayTallyTests {
    /// Rows of one type at some times.
    private struct Rows: Sendable {
        var tally: DayTally
        var kinds = KindTable()

        init(_ times: [Instant] = [], zone: String = "UTC") throws {
            tally = DayTally(zone: try #require(ZoneOffsets(identifier: zone)))
            for time in times { tally.add(time, kind: kinds.number(of: Array("theft".utf8)[...])) }
        }

        init(_ times: [String], zone: String = "UTC") throws {
            try self.init(times.map { SampleEvent.instant($0) }, zone: zone)
        }
    }

    /// Stores the rows' days of a dataset in a transaction and returns all that are marked by then.
    private static func marked(_ rows: Rows, _ dataset: Slug) async throws -> [LocalDay] {
        try await withConnection { connection in
            try await connection.transaction { try await rows.tally.store(dataset, rows.kinds, on: $0) }
            let found = try await connection.query(
                "SELECT day FROM event_days WHERE dataset = $1 ORDER BY day", [dataset])
            return try found.map { try $0.get(0, as: LocalDay.self) }
        }
    }

    private static func days(_ texts: [String]) throws -> [LocalDay] { try texts.map { try #require(LocalDay($0)) } }

    @Test(
        arguments: [
            (["2021-06-01T00:00:00Z", "2021-06-01T23:59:59Z"], ["2021-06-01"]),
            (["2021-06-03T12:00:00Z", "2021-06-01T12:00:00Z", "2021-06-03T12:30:00Z"], ["2021-06-01", "2021-06-03"]),
            // The last second before 1970 is not of 1970.
            (["1969-12-31T23:59:59Z"], ["1969-12-31"]), (["1969-12-31T23:00:00Z"], ["1969-12-31"]),
            (["1970-01-01T00:00:00Z"], ["1970-01-01"]), ([], []),
        ] as [([String], [String])])
    func eachDayWithARowIsMarkedAndNoOther(times: [String], expected: [String]) async throws {
        let dataset = try await Dataset.stored("utc-\(times.joined().filter(\.isNumber))")
        #expect(try await Self.marked(Rows(times), dataset.slug) == Self.days(expected))
    }

    /// Midnight in Kolkata is at 18:30 UTC, in the middle of an hour.
    @Test func anHourWithMidnightInItHasRowsOfBothDays() async throws {
        let dataset = try await Dataset.stored("kolkata", timeZone: "Asia/Kolkata")
        let before = try await Self.marked(Rows(["2021-06-01T18:29:59Z"], zone: "Asia/Kolkata"), dataset.slug)
        #expect(before == (try Self.days(["2021-06-01"])))
        let both = try await Self.marked(Rows(["2021-06-01T18:30:00Z"], zone: "Asia/Kolkata"), dataset.slug)
        #expect(both == (try Self.days(["2021-06-01", "2021-06-02"])))
    }

    /// Foundation says which days the rows are on. Some of the zones change their clocks in these weeks, Havana's at
    /// midnight, Lord Howe's by half an hour.
    @Test(arguments: [
        "UTC", "America/Toronto", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ])
    func theDaysAreThoseOfTheRowsInEveryZone(zone: String) async throws {
        let dataset = try await Dataset.stored(
            "zone-\(zone.lowercased().replacing("/", with: "-").replacing("_", with: "-"))", timeZone: zone)
        let clock = try #require(TimeZone(identifier: zone))
        func day(_ instant: Instant) -> Int32 {
            let seconds = (Double(instant.microseconds) / 1e6).rounded(.down)
            let offset = clock.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
            return Int32(((seconds + Double(offset)) / 86_400).rounded(.down))
        }
        var random = SplitMix(state: 21)
        var times: [Instant] = []
        for start in ["2021-03-12T00:00:00Z", "2021-04-02T00:00:00Z", "2021-11-05T00:00:00Z"] {
            // Single rows, and a stretch of hours in each of which there is one.
            let stretch = Int64.random(in: 0..<60, using: &random)
            let hours = (0..<12).map { _ in Int64.random(in: 0..<240, using: &random) } + (stretch..<stretch + 40)
            for number in hours {
                let begin = SampleEvent.instant(start).microseconds + number * 3_600_000_000
                times.append(Instant(microseconds: begin + Int64.random(in: 0..<3_600_000_000, using: &random)))
            }
        }
        let expected = Set(times.map(day)).sorted()
        #expect(try await Self.marked(Rows(times, zone: zone), dataset.slug).map(\.number) == expected)
        let uncounted = "SELECT count(*) FROM event_days WHERE dataset = $1 AND counted IS DISTINCT FROM version"
        #expect(try await value(uncounted, [dataset.slug], as: Int.self) == 0)
    }

    @Test func aDayThatIsMarkedAgainHasAnotherVersionAndTheOthersKeepTheirs() async throws {
        let dataset = try await Dataset.stored("again")
        func versions() async throws -> [Int64] {
            try await withConnection { connection in
                try await connection.query("SELECT version FROM event_days WHERE dataset = 'again' ORDER BY day")
                    .map { try $0.get(0, as: Int64.self) }
            }
        }
        _ = try await Self.marked(Rows(["2021-06-01T12:00:00Z", "2021-06-02T12:00:00Z"]), dataset.slug)
        let before = try await versions()
        _ = try await Self.marked(Rows(["2021-06-02T15:00:00Z"]), dataset.slug)
        let after = try await versions()
        #expect(after.count == 2)
        #expect(after.first == before.first)
        #expect(try #require(after.last) > #require(before.last))
    }

    @Test func aTransactionThatFailsMarksNothing() async throws {
        struct GivenUp: Error {}
        let dataset = try await Dataset.stored("undone")
        let rows = try Rows(["2021-06-01T12:00:00Z"])
        try await withConnection { connection in
            await #expect(throws: GivenUp.self) {
                try await connection.transaction { connection in
                    try await rows.tally.store(dataset.slug, rows.kinds, on: connection)
                    throw GivenUp()
                }
            }
        }
        #expect(try await Self.marked(Rows([Instant]()), dataset.slug) == [])
    }
}
