import Domain
import H3
import TestSupport
import Testing

@testable import Outlook

struct OutlookBuilderTests {
    private static let first = LocalDay("2020-01-01")!

    private static func area() throws -> StudyArea {
        let middle = try H3Cell(latitude: 52.5, longitude: 13.4, resolution: 8)
        return try StudyArea(cells: middle.gridDisk(4).map(\.bits))
    }

    /// Made-up counts of days; every thirtieth has no records.
    private static func days(_ count: Int, _ area: StudyArea) throws -> [CellCounts?] {
        var random = SplitMix(state: 5)
        return try (0..<count).map { day -> CellCounts? in
            if day % 30 == 29 { return nil }
            let counts = (0..<area.count).map { cell in
                Int32.random(in: 0...9, using: &random) < (cell < 5 ? 6 : 1) ? Int32(1) : 0
            }
            return try area.counts(cells: area.cells.map(\.bits), counts: counts)
        }
    }

    private static func built(_ days: [CellCounts?], _ area: StudyArea, steps: Int = 52) throws -> AreaOutlook {
        var settings = OutlookBuilder.Settings()
        settings.steps = steps
        var builder = try OutlookBuilder(
            area: area, days: first...first.advanced(by: days.count - 1), settings: settings)
        for day in days { try builder.add(day) }
        return try builder.finished()
    }

    private static func sum(_ days: ArraySlice<CellCounts?>, _ cells: Int) -> [Int32] {
        days.reduce(into: [Int32](repeating: 0, count: cells)) { sums, day in
            for (index, count) in (day?.dense(cells) ?? []).enumerated() { sums[index] += count }
        }
    }

    @Test func periodsAndStepsEndWithTheLastDay() throws {
        let area = try Self.area()
        let days = try Self.days(800, area)
        let outlook = try Self.built(days, area, steps: 3)
        for (period, figures) in zip(OutlookPeriod.allCases, outlook.periods) {
            let length = period.rawValue
            #expect(figures.events == Self.sum(days[(800 - length)...], area.count))
            #expect(figures.before == Self.sum(days[(800 - 2 * length)..<(800 - length)], area.count))
            for cell in area.cells.indices {
                let change = PeriodChange(events: Int(figures.events[cell]), before: Int(figures.before[cell]))
                #expect(figures.ps[cell] == change.p)
                #expect(figures.trends[cell] == change.word())
            }
        }
        var spots = try HotSpots(area: area, window: 3)
        for week in [2, 1, 0] {
            try spots.append(Self.sum(days[(793 - 7 * week)..<(800 - 7 * week)], area.count))
        }
        #expect(outlook.giZs == spots.scores.last)
        #expect(try outlook.classes == spots.classified().classes)
        #expect(try outlook.giTrendPs == spots.classified().trends.map(\.p))
    }

    @Test func theForecastIsThatOfTheForecaster() throws {
        let area = try Self.area()
        let days = try Self.days(400, area)
        let outlook = try Self.built(days, area)
        var forecaster = try Forecaster(area: area, from: Self.first, horizon: 7, warmUp: 133)
        for day in days { if let day { forecaster.add(day) } else { forecaster.skip() } }
        forecaster.fit()
        #expect(outlook.model == forecaster.model)
        #expect(outlook.model.origins > 0)
        #expect(outlook.forecast.expected == forecaster.forecast().expected)
        #expect(outlook.forecast.upper90 == forecaster.forecast().upper90)
    }

    @Test(arguments: [(1, 1), (6, 1), (7, 1), (13, 1), (14, 2), (364, 52), (1000, 52)])
    func aShortHistoryHasFewerSteps(days: Int, steps: Int) throws {
        let area = try Self.area()
        let outlook = try Self.built(try Self.days(days, area), area)
        #expect(outlook.steps == steps)
        #expect(outlook.classes.count == area.count)
    }

    @Test func ofAPeriodThatTheHistoryDoesNotCoverNoChangeIsTold() throws {
        let area = try Self.area()
        let outlook = try Self.built(try Self.days(60, area), area)
        let (week, fourWeeks, quarter) = (outlook.periods[0], outlook.periods[1], outlook.periods[2])
        #expect(week.ps.contains { $0 < 1 })
        #expect(fourWeeks.ps.contains { $0 < 1 })
        #expect(quarter.ps.allSatisfy { $0 == 1 })
        #expect(quarter.trends.allSatisfy { $0 == .few })
    }

    @Test func wrongSettingsAreRefusedByField() throws {
        let area = try Self.area()
        for (change, field) in [
            ({ $0.alpha = 0 }, "alpha"), ({ $0.steps = 521 }, "steps"), ({ $0.horizon = 29 }, "horizon"),
        ] as [((inout OutlookBuilder.Settings) -> Void, String)] {
            var settings = OutlookBuilder.Settings()
            change(&settings)
            let error = #expect(throws: OutlookError.self) {
                try OutlookBuilder(area: area, days: Self.first...Self.first, settings: settings)
            }
            #expect(error?.description.hasPrefix("\(field): ") == true)
        }
    }
}
