import Domain
import Postgres
import TestDatabase
import TestStorage
import TestSupport
import Testing

@testable import Storage

/// PostgreSQL's AT TIME ZONE is the reference for every instant.
@Suite(migratedDatabase())
struct LocalClockTests {
    /// Instants around some local days, dense where a clock may change: on whole seconds and next to them.
    private static func moments(_ first: LocalDay, _ count: Int, _ random: inout SplitMix) -> [Instant] {
        let second: Int64 = 1_000_000
        let start = Int64(first.number) * 86_400
        let anywhere = (0..<200).map { _ in
            Int64.random(in: (start - 86_400) * second..<(start + Int64(count + 1) * 86_400) * second, using: &random)
        }
        let quarters = (-4 * 26..<(count + 1) * 96).flatMap { quarter in
            let moment = (start + Int64(quarter) * 900) * second
            return [moment - 1, moment]
        }
        return (anywhere + quarters).map(Instant.init(microseconds:))
    }

    @Test(arguments: [
        ("America/Toronto", "2021-11-01", 12), ("America/Toronto", "2021-03-10", 8),
        ("America/Havana", "2020-10-30", 4),
        ("America/Sao_Paulo", "2017-10-13", 4), ("Australia/Lord_Howe", "2021-04-02", 4), ("UTC", "2020-02-28", 3),
        // A day that never was, a change by 44 min 30 s, and summer time that was interrupted for a month.
        ("Pacific/Apia", "2011-12-28", 5), ("Africa/Monrovia", "1972-01-05", 4),
        ("Africa/Casablanca", "2021-04-09", 40),
        ("Asia/Kathmandu", "1985-12-31", 3), ("Pacific/Kiritimati", "1994-12-29", 5),
    ])
    func daysAreThoseOfTheServer(_ zone: String, _ first: String, _ count: Int) async throws {
        var random = SplitMix(state: 5)
        let first = try #require(LocalDay(first))
        let days = first...first.advanced(by: count - 1)
        let moments = Self.moments(first, count, &random)
        try await withConnection { connection in
            let clock = try await LocalClock.load(connection, timeZone: zone, days: days, sql: Checkout.sql())
            let rows = try await connection.query(
                "SELECT (t AT TIME ZONE $2)::date FROM unnest($1) WITH ORDINALITY AS u(t, n) ORDER BY n",
                [PostgresArray(moments), zone])
            let expected = try rows.map { try $0.get(0, as: LocalDay.self) }
            #expect(moments.map(clock.day) == expected)
            let range = clock.moments(of: days)
            #expect(zip(moments, expected).allSatisfy { !days.contains($1) || range.contains($0) })
            // No events more than a day away are read.
            #expect(range.upperBound - range.lowerBound <= .seconds(count * 86_400 + 7200))
        }
    }

    @Test func aDayThatNeverWasHasNoMoments() async throws {
        let day = try #require(LocalDay("2011-12-30"))
        try await withConnection { connection in
            let clock = try await LocalClock.load(
                connection, timeZone: "Pacific/Apia", days: day...day, sql: Checkout.sql())
            #expect(clock.moments(of: day...day).isEmpty)
        }
    }
}
