import TestDomain
import Testing

@testable import Domain

struct FullMonthsTests {
    @Test(arguments: [
        ("2021-12-31", "2021-12-01", "2021-01-01", "2021-12-31"),
        ("2021-12-30", "2021-11-01", "2020-12-01", "2021-11-30"),
        ("2020-02-29", "2020-02-01", "2019-03-01", "2020-02-29"),
        ("2021-02-28", "2021-02-01", "2020-03-01", "2021-02-28"),
        ("2021-01-01", "2020-12-01", "2020-01-01", "2020-12-31"),
    ])
    func aMonthIsFullWithItsLastDay(_ day: String, _ last: String, _ first: String, _ end: String) throws {
        let months = FullMonths(upTo: try #require(LocalDay(day)))
        #expect(months.last == LocalDay(last))
        #expect(months.days(of: 12) == LocalDay(first)!...LocalDay(end)!)
    }

    @Test func monthsAreSkipped() throws {
        let months = FullMonths(upTo: try #require(LocalDay("2021-12-31")))
        #expect(months.days(of: 12, skipping: 12) == LocalDay("2020-01-01")!...LocalDay("2020-12-31")!)
        #expect(months.days(of: 1) == LocalDay("2021-12-01")!...LocalDay("2021-12-31")!)
    }

    @Test(arguments: [
        (nil, nil, "2020-12-01", "2021-11-30"), ("2021-02-03", "2021-02-04", "2021-02-03", "2021-02-04"),
        ("2021-02-03", nil, "2021-02-03", "2021-12-05"), (nil, "2021-02-03", "2019-01-15", "2021-02-03"),
    ])
    func aPeriodIsTheLastTwelveFullMonthsUnlessItIsNamed(
        _ from: String?, _ to: String?, _ first: String, _ last: String
    ) throws {
        #expect(Self.period(from, to, "2019-01-15", "2021-12-05") == LocalDay(first)!...LocalDay(last)!)
    }

    @Test func aShortDatasetHasAShortPeriod() {
        #expect(Self.period(nil, nil, "2021-10-20", "2021-12-05") == LocalDay("2021-10-01")!...LocalDay("2021-11-30")!)
        #expect(Self.period(nil, nil, "2021-12-03", "2021-12-05") == LocalDay("2021-12-03")!...LocalDay("2021-12-05")!)
        #expect(Self.period(nil, nil, nil, nil) == nil)
    }

    private static func period(
        _ from: String?, _ to: String?, _ first: String?, _ last: String?
    ) -> ClosedRange<LocalDay>? {
        let layer = AreaLayer(id: 1, slug: "a", name: "A", version: 1, areas: 0, importedAt: .now)
        let dataset = Dataset(slug: "d", title: "", licence: "", attribution: "", resolutions: [7])
        let days = first.flatMap { LocalDay($0) }.flatMap { first in last.flatMap { LocalDay($0) }.map { first...$0 } }
        let counts = AreaCounts(
            dataset: dataset.slug, version: 1, days: days, events: 0, outside: 0, countedAt: .now)
        return AreaFigureQuery(
            layer: layer, dataset: dataset, from: from.flatMap { LocalDay($0) }, to: to.flatMap { LocalDay($0) }
        ).period(counts)
    }
}
