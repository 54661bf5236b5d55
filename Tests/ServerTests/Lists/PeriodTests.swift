import Domain
import Foundation
import Testing

@testable import Server
@testable import Web

@Suite struct PeriodTests {
    /// A status with days scored up to 2021-12-31, in the time zone of Toronto.
    private static let status = DatasetStatus.toronto

    private static func period(
        _ query: String, _ aliases: (from: String, to: String)? = nil
    ) -> (period: Period, faults: [String]) {
        let known = ["from", "to", "start_date", "end_date"]
        var parameters = QueryParameters(query, known: known)
        let period = Period(&parameters, aliases: aliases)
        return (period, parameters.faults.map(\.field))
    }

    private static func instant(_ text: String) throws -> Instant {
        Instant(seconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970))
    }

    @Test func daysAreThoseOfTheDatasetAndBothIncluded() throws {
        let (period, faults) = Self.period("from=2021-03-13&to=2021-03-14")
        #expect(faults.isEmpty)
        let days = try period.days(of: Self.status)
        #expect(days.from == LocalDay("2021-03-13") && days.to == LocalDay("2021-03-14"))
        // The clocks of Toronto went from 2 to 3 that night.
        let instants = try period.instants(of: Self.status)
        #expect(instants.from == (try Self.instant("2021-03-13T05:00:00Z")))
        #expect(instants.to == (try Self.instant("2021-03-15T04:00:00Z")))
    }

    @Test func ofInstantsTheSecondIsExcluded() throws {
        let (period, faults) = Self.period("from=2021-03-13T04:59:59Z&to=2021-03-15T04:00:00Z")
        #expect(faults.isEmpty)
        let instants = try period.instants(of: Self.status)
        #expect(instants.to == (try Self.instant("2021-03-15T04:00:00Z")))
        let days = try period.days(of: Self.status)
        #expect(days.from == LocalDay("2021-03-12") && days.to == LocalDay("2021-03-14"))
    }

    @Test func latestIsTheLastScoredDay() throws {
        let (period, _) = Self.period("from=2021-12-01&to=latest")
        #expect(try period.days(of: Self.status).to == LocalDay("2021-12-31"))
        #expect(try period.pinned(of: Self.status) == ["from": "2021-12-01", "to": "2021-12-31"])
        #expect(try period.resolved(of: Self.status)["dataset"] == "toronto")
        let unscored = DatasetStatus.changed { $0.days = nil }
        #expect(throws: Problem.self) { try period.days(of: unscored) }
        #expect(!period.movesWithTheClock)
    }

    @Test func yesterdayIsTheDayBeforeToday() throws {
        let (period, _) = Self.period("from=yesterday&to=yesterday")
        #expect(period.movesWithTheClock)
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyy-MM-dd"
        formatter.timeZone = TimeZone(identifier: Self.status.dataset.timeZone)
        let before = formatter.string(from: Date(timeIntervalSinceNow: -86_400))
        let days = try period.days(of: Self.status)
        let after = formatter.string(from: Date(timeIntervalSinceNow: -86_400))
        #expect([before, after].contains(days.from?.description) && days.from == days.to)
    }

    /// The first and last day, which instants in a time zone pass.
    @Test(arguments: ["from=9999-12-31T23:59:59Z", "to=0001-01-01T00:00:00Z", "from=9999-12-31", "to=0001-01-01"])
    func aPeriodAtTheEndsOfTimeHasDays(query: String) throws {
        for zone in ["Pacific/Kiritimati", "America/Toronto"] {
            let status = DatasetStatus.changed { $0.dataset.timeZone = zone }
            let (period, faults) = Self.period(query)
            #expect(faults.isEmpty)
            let days = try period.range(of: status)
            #expect(days.lowerBound == .earliest || days.lowerBound == days.upperBound || days.upperBound == .latest)
            _ = try period.instants(of: status)
        }
    }

    @Test func formerNamesMeanTheSame() throws {
        let (period, faults) = Self.period("start_date=2021-03-13&end_date=latest", ("start_date", "end_date"))
        #expect(faults.isEmpty)
        let days = try period.days(of: Self.status)
        #expect(days.from == LocalDay("2021-03-13") && days.to == LocalDay("2021-12-31"))
        #expect(
            Self.period("start_date=2021-03-13&from=2021-03-13", ("start_date", "end_date")).faults == ["start_date"])
        #expect(
            Self.period("start_date=2021-03-13&end_date=2021-03-12", ("start_date", "end_date")).faults == ["end_date"])
    }

    @Test(arguments: [
        ("from=2021-02-02&to=2021-02-01", "to"), ("from=2021-02-02T00:00:00Z&to=2021-02-02T00:00:00Z", "to"),
        ("from=2021-02-02T00:00:00", "from"), ("to=today", "to"), ("from=", "from"), ("to=2021-02-30", "to"),
    ])
    func aFaultIsNamedBeforeAnyLookUp(query: String, field: String) {
        #expect(Self.period(query).faults == [field])
    }

    @Test(arguments: ["from=2021-03-14&to=2021-03-13T05:00:00Z", "from=2022-01-01&to=latest"])
    func aPeriodThatEndsBeforeItBeginsIsRefused(query: String) {
        let (period, faults) = Self.period(query)
        #expect(faults.isEmpty)
        #expect(throws: Problem.self) { try period.days(of: Self.status) }
        #expect(throws: Problem.self) { try period.instants(of: Self.status) }
    }

    /// Starts of days from the IANA time zone database: clocks that skip midnight, that show it twice, and a day that
    /// Samoa left out.
    @Test(arguments: [
        ("UTC", "2021-06-01", "2021-06-01T00:00:00Z"), ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00:00Z"),
        ("Atlantic/Azores", "2021-10-31", "2021-10-31T00:00:00Z"),
        ("America/Havana", "2021-11-07", "2021-11-07T04:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
        ("Asia/Kathmandu", "2021-06-01", "2021-05-31T18:15:00Z"),
        ("Australia/Lord_Howe", "2021-10-03", "2021-10-02T13:30:00Z"),
    ])
    func aDayBeginsWhereItsClocksSay(zone: String, day: String, start: String) throws {
        var dataset = Self.status.dataset
        dataset.timeZone = zone
        let calendar = LocalCalendar(of: dataset)
        let local = try #require(LocalDay(day))
        let instant = try Self.instant(start)
        #expect(calendar.start(of: local) == instant)
        #expect(calendar.day(of: instant) == local)
        #expect(calendar.day(of: instant - .microseconds(1)) < local)
    }
}
