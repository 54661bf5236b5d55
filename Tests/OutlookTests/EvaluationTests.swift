import Domain
import H3
import TestSupport
import Testing

@testable import Outlook

struct EvaluationTests {
    private static let first = LocalDay(number: 16_000)

    /// A disk with a busy middle, quiet edges and a level that changes with the week.
    private static func world(days: Int, seed: UInt64 = 3) throws -> (area: StudyArea, history: [CellCounts]) {
        let middle = try H3Cell(latitude: 43.7, longitude: -79.4, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(4).map(\.bits))
        var random = SplitMix(state: seed)
        let rates = area.cells.indices.map { _ in
            let draw = Double.random(in: 0..<1, using: &random)
            return 0.6 * draw * draw * draw
        }
        let history = (0..<days).map { day in
            let dense = rates.map { poisson($0 * (day % 7 == 0 ? 1.8 : 0.9), &random) }
            let positions = dense.indices.filter { dense[$0] > 0 }
            return CellCounts(positions: positions.map(Int32.init), counts: positions.map { dense[$0] }, outside: 1)
        }
        return (area, history)
    }

    private static func evaluation(_ from: Int, _ to: Int, horizon: Int = 7) -> Evaluation {
        var evaluation = Evaluation(
            horizon: horizon, period: first.advanced(by: from)...first.advanced(by: to))
        evaluation.resamples = 200
        return evaluation
    }

    @Test func nothingOfTheFutureIsSeen() throws {
        let (area, history) = try Self.world(days: 460)
        let whole = try Self.evaluation(300, 459).report(area: area, from: Self.first, history: history)
        // Every count from day 380 on is moved by ten days and to another cell.
        let cells = Int32(area.count)
        let changed = history.indices.map { index in
            guard index >= 380 else { return history[index] }
            let day = history[380 + (index - 380 + 10) % 80]
            return CellCounts(
                positions: day.positions.map { ($0 + 17) % cells }, counts: day.counts.map { $0 + 1 }, outside: 5)
        }
        let other = try Self.evaluation(300, 459).report(area: area, from: Self.first, history: changed)
        #expect(whole.origins == other.origins)
        for (left, right) in zip(whole.methods, other.methods) {
            for (index, origin) in whole.origins.enumerated() {
                let begin = Self.first.distance(to: origin)
                if begin + 7 <= 380 {
                    #expect(left.origins[index] == right.origins[index], "\(left.name), origin \(index)")
                } else if begin <= 380 {
                    // The outcome has changed but not the forecast.
                    #expect(left.origins[index].expected == right.origins[index].expected)
                    #expect(left.origins[index].hits != right.origins[index].hits)
                }
            }
        }
    }

    @Test func daysWithoutRecordsAreNotScored() throws {
        let (area, history) = try Self.world(days: 400)
        var gap: [CellCounts?] = history
        for index in 330..<340 { gap[index] = nil }
        let whole = try Self.evaluation(300, 399).report(area: area, from: Self.first, history: history)
        let report = try Self.evaluation(300, 399).report(area: area, from: Self.first, history: gap)
        // Weekly origins from day 300 on: those of 328 and 335 forecast days of the gap.
        let begins = report.origins.map { Self.first.distance(to: $0) }
        #expect(begins == [300, 307, 314, 321, 342, 349, 356, 363, 370, 377, 384, 391])
        #expect(report.methods.allSatisfy { $0.origins.count == begins.count })
        #expect(report.methods[0].origins.prefix(4) == whole.methods[0].origins.prefix(4))
        #expect(abs(report.methods[0].expected / report.methods[0].events - 1) < 0.1)
    }

    @Test func aLongerHistoryAfterThePeriodChangesNothing() throws {
        let (area, history) = try Self.world(days: 400)
        let short = try Self.evaluation(300, 363).report(
            area: area, from: Self.first, history: Array(history[..<364]))
        let long = try Self.evaluation(300, 363).report(area: area, from: Self.first, history: history)
        #expect(short.methods.map(\.origins) == long.methods.map(\.origins))
        #expect(short.model == long.model)
        #expect(short.comparisons.map(\.logScore) == long.comparisons.map(\.logScore))
    }

    @Test func figuresAreThoseOfANaiveCount() throws {
        let (area, history) = try Self.world(days: 330)
        var evaluation = Self.evaluation(300, 329, horizon: 10)
        evaluation.interval = 10
        evaluation.rivals = [.counts(days: 28), .riskScore]
        let scores = area.cells.indices.map { Double($0 % 5) }
        let report = try evaluation.report(area: area, from: Self.first, history: history) { _ in scores }
        #expect(report.origins.map { Self.first.distance(to: $0) } == [300, 310, 320])
        #expect(report.outside == 30)
        var hits = [0.0, 0.0]
        var events = 0.0
        for origin in [300, 310, 320] {
            let past = history[origin - 28..<origin].map { $0.dense(area.count) }
            let sums = area.cells.indices.map { cell in past.reduce(0) { $0 + Double($1[cell]) } }
            let outcome = history[origin..<origin + 10].map { $0.dense(area.count) }
            let counts = area.cells.indices.map { cell in outcome.reduce(0) { $0 + $1[cell] } }
            events += Double(counts.reduce(0, +))
            // 5 % of 61 cells are 4.
            for (index, ranking) in [sums, scores].enumerated() {
                hits[index] += RankedHits(ranking: ranking, counts: counts).hits[2]
            }
        }
        #expect(report.methods.map(\.name) == ["outlook", "counts of 28 days", "risk score"])
        #expect(isClose(report.methods[1].hits?.hits[2] ?? 0, hits[0]))
        #expect(isClose(report.methods[2].hits?.hits[2] ?? 0, hits[1]))
        #expect(report.methods.allSatisfy { $0.events == events })
        #expect(isClose(report.methods[1].hits?.pai[2] ?? 0, hits[0] / events / (4.0 / 61)))
    }

    @Test func longMemoryIsBetterThanAWeekWhereRatesAreSteady() throws {
        let (area, history) = try Self.world(days: 900)
        var evaluation = Self.evaluation(600, 899)
        evaluation.rivals = [.counts(days: 7)]
        let report = try evaluation.report(area: area, from: Self.first, history: history)
        let comparison = try #require(report.comparisons.first)
        #expect(comparison.logScore.low > 0)
        #expect(comparison.crps.high < 0)
        #expect(!report.isBehind)
        let ours = report.methods[0]
        #expect(abs(ours.expected / ours.events - 1) < 0.1)
        #expect(abs(ours.calibration.randomised50 - 0.5) < 0.03)
        #expect(abs(ours.calibration.randomised90 - 0.9) < 0.03)
        // A second run draws the same numbers.
        let again = try evaluation.report(area: area, from: Self.first, history: history)
        #expect(again.methods[0].calibration == ours.calibration)
        #expect(again.comparisons.map(\.logScore) == report.comparisons.map(\.logScore))
    }

    @Test func wrongPeriodsAreRefusedByField() throws {
        let (area, history) = try Self.world(days: 100)
        func fails(_ evaluation: Evaluation, _ error: OutlookError) {
            #expect(throws: error) { try evaluation.report(area: area, from: Self.first, history: history) }
        }
        fails(Self.evaluation(20, 60), .tooFewDays(field: "from", count: 20, least: 56))
        fails(Self.evaluation(-20, 60), .tooFewDays(field: "from", count: 0, least: 56))
        fails(Self.evaluation(60, 100), .wrongLength(field: "history", count: 100, expected: 101))
        fails(Self.evaluation(60, 65), .outOfRange(field: "to", range: "at least 7 days (the horizon) after from"))
        fails(Self.evaluation(60, 99, horizon: 40), .outOfRange(field: "horizon", range: "1 to 28 days"))
        var rare = Self.evaluation(60, 99)
        rare.refit = 3
        fails(rare, .outOfRange(field: "refit", range: "7 days (the interval) or more"))
    }

    @Test func trainingIsBounded() {
        var training = TrainingOrigins(cells: 10, horizon: 7, warmUp: 7, mostRows: 200)
        for day in 0..<3_000 {
            training.add([Int32](repeating: 1, count: 10)) {
                ([[Double](repeating: Double(day), count: 10)], 1)
            }
        }
        #expect(training.count <= 20)
        #expect(training.count >= 8)
        // Each cell had seven events in the seven days after its origin.
        training.forEachRow { _, _, _, count in #expect(count == 7) }
    }
}
