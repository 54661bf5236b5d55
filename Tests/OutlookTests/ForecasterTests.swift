import Domain
import H3
import TestSupport
import Testing

@testable import Outlook

struct ForecasterTests {
    struct File: Decodable {
        let cells: [String]
        let from: String
        let counts: [[Int32]]
        let cases: [Case]
    }

    struct Case: Decodable {
        let days: Int
        let horizon: Int
        let means: [Double]
        let sizes: [Double]
        let intervals: [[Int32]]
        let area: Double
    }

    /// Days of counts that a golden file or a generator has for every cell.
    private static func day(_ dense: [Int32]) -> CellCounts {
        let positions = dense.indices.filter { dense[$0] > 0 }
        return CellCounts(positions: positions.map(Int32.init), counts: positions.map { dense[$0] }, outside: 0)
    }

    @Test func forecastsAreThoseOfTheDefinition() throws {
        let file: File = try GoldenFile.read("forecasts")
        let area = try StudyArea(cells: GoldenFile.indexes(file.cells))
        let from = try #require(LocalDay(file.from))
        for golden in file.cases {
            var state = try ForecastState(area: area, from: from)
            var forecaster = try Forecaster(area: area, from: from, horizon: golden.horizon)
            for counts in file.counts[..<golden.days] {
                state.add(Self.day(counts))
                forecaster.add(Self.day(counts))
            }
            #expect(isClose(state.expected(horizon: golden.horizon), golden.area), "\(golden.days) days")
            let found = forecaster.distributions()
            for cell in area.cells.indices {
                #expect(isClose(found[cell].mean, golden.means[cell]), "\(golden.days) days, cell \(cell)")
                #expect(isClose(found[cell].size, golden.sizes[cell]), "\(golden.days) days, cell \(cell)")
            }
            let forecast = forecaster.forecast()
            #expect(forecast.from == from.advanced(by: golden.days))
            #expect(forecast.lower90 == golden.intervals.map { $0[0] })
            #expect(forecast.lower50 == golden.intervals.map { $0[1] })
            #expect(forecast.upper50 == golden.intervals.map { $0[2] })
            #expect(forecast.upper90 == golden.intervals.map { $0[3] })
        }
    }

    @Test func anAreaWithoutEventsExpectsNone() throws {
        let middle = try H3Cell(latitude: 10, longitude: 20, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(2).map(\.bits))
        var forecaster = try Forecaster(area: area, from: LocalDay(number: 0), horizon: 7)
        for _ in 0..<500 { forecaster.add(.none) }
        forecaster.fit()
        let forecast = forecaster.forecast()
        #expect(forecast.expected.allSatisfy { $0 <= 1e-9 })
        #expect(forecast.upper90.allSatisfy { $0 == 0 })
        #expect(forecaster.model.origins == 0)
    }

    @Test func daysWithoutRecordsAreNotDaysWithoutEvents() throws {
        let middle = try H3Cell(latitude: 10, longitude: 20, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(2).map(\.bits))
        var state = try ForecastState(area: area, from: LocalDay(number: 0))
        for _ in 0..<60 { state.add(Self.day([Int32](repeating: 2, count: area.count))) }
        let usual = Double(2 * area.count)
        #expect(isClose(state.level, usual))
        var silent = state
        for _ in 0..<60 {
            state.skip()
            silent.add(.none)
        }
        #expect(state.day == silent.day)
        #expect(isClose(state.level, usual))
        #expect(silent.level < usual / 2)
    }

    @Test func memoryIsTheSumOfHalves() {
        var memory = CellMemory(halfLife: 2, cells: 2)
        // Long enough for the weights of new days to be scaled down more than once.
        for day in 0..<400 {
            memory.add(
                CellCounts(positions: [Int32(day % 2)], counts: [3], outside: 0))
        }
        // The last day's 3 events are whole, those two days before count half, and so on: 3 / (1 - 1/2).
        #expect(isClose(memory.counts[1], 6, 1e-12))
        #expect(isClose(memory.counts[0], 6 * 0.5.squareRoot(), 1e-12))
        #expect(isClose(memory.shares[1], 1 / (1 + 0.5.squareRoot()), 1e-12))
    }

    @Test func weightsFollowWhatThePastTeaches() throws {
        // Every cell has its own steady rate: what counts is its long past, and nothing of its neighbours.
        let middle = try H3Cell(latitude: 10, longitude: 20, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(5).map(\.bits))
        var random = SplitMix(state: 5)
        let rates = area.cells.indices.map { _ in Double.random(in: 0..<0.6, using: &random) }
        var forecaster = try Forecaster(area: area, from: LocalDay(number: 10_000), horizon: 7, warmUp: 200)
        for _ in 0..<700 {
            forecaster.add(Self.day(rates.map { poisson($0, &random) }))
        }
        forecaster.fit()
        #expect(forecaster.model.origins > 60)
        let found = forecaster.distributions()
        let errors = zip(found, rates).map { abs($0.mean - 7 * $1) }
        #expect(errors.reduce(0, +) / Double(errors.count) < 0.35)
        // Poisson counts have no noise beyond their own.
        #expect(forecaster.model.noise < 0.05)
        #expect(forecaster.model.weights.allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }

    @Test func wrongSettingsAreRefused() throws {
        let area = try StudyArea(cells: [0x882_8308_281F_FFFF])
        for horizon in [0, 29] {
            #expect(throws: OutlookError.outOfRange(field: "horizon", range: "1 to 28 days")) {
                try Forecaster(area: area, from: LocalDay(number: 0), horizon: horizon)
            }
        }
    }

    @Test(arguments: ["2019-12-31", "2020-02-29", "2020-12-31", "1969-12-31", "2021-01-01"])
    func daysHaveTheirPlaceInTheYear(_ text: String) throws {
        let bins = ["2019-12-31": 72, "2020-02-29": 11, "2020-12-31": 72, "1969-12-31": 72, "2021-01-01": 0]
        let weekdays = ["2019-12-31": 5, "2020-02-29": 2, "2020-12-31": 0, "1969-12-31": 6, "2021-01-01": 1]
        let day = try #require(LocalDay(text))
        #expect(CalendarProfile.bin(of: day) == bins[text])
        #expect(CalendarProfile.weekday(of: day) == weekdays[text])
    }
}

/// A Poisson number, by multiplying uniform ones (D. Knuth).
func poisson(_ mean: Double, _ random: inout SplitMix) -> Int32 {
    var product = Double.random(in: 0..<1, using: &random)
    var count: Int32 = 0
    let limit = CountDistribution(mean: mean).chances(below: 0).equal
    while product > limit {
        product *= Double.random(in: 0..<1, using: &random)
        count += 1
    }
    return count
}
