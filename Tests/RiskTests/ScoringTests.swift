import Domain
import Risk
import TestSupport
import Testing

struct ScoringTests {
    private static let from = LocalDay(number: 18_000)

    /// Some cells with sparse, dense and constant histories that begin before the run and end after it.
    private static func history(_ seed: UInt64, days: Int) -> [UInt64: [LocalDay: Int]] {
        var random = SplitMix(state: seed)
        var history: [UInt64: [LocalDay: Int]] = [:]
        for cell in UInt64(1)...12 {
            let shares: [Double] = [0.02, 0.2, 0.7, 1]
            let share = shares.randomElement(using: &random) ?? 1
            let most = [1, 3, 50].randomElement(using: &random) ?? 1
            for offset in -15..<days + 5 where Double.random(in: 0..<1, using: &random) < share {
                history[cell, default: [:]][from.advanced(by: offset)] = Int.random(in: 1...most, using: &random)
            }
        }
        return history
    }

    private static func counted(_ history: [UInt64: [LocalDay: Int]]) -> CellDayCounts {
        var cells: [UInt64] = []
        var days: [LocalDay] = []
        for (cell, counts) in history {
            for (day, count) in counts {
                cells += [UInt64](repeating: cell, count: count)
                days += [LocalDay](repeating: day, count: count)
            }
        }
        return CellDayCounts(cells: cells, days: days)
    }

    private static func run(days: Int) -> ClosedRange<LocalDay> { from...from.advanced(by: days - 1) }

    private static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(b)) }

    @Test(arguments: UInt64(1)...8, [1, 2, 7, 8, 40, 200])
    func rowsAreThoseOfTheDefinition(_ seed: UInt64, _ days: Int) {
        let history = Self.history(seed, days: days)
        var random = SplitMix(state: seed)
        let weights = RiskWeights(
            count: Double.random(in: 0...2, using: &random), growth: Double.random(in: 0...2, using: &random),
            average: Double.random(in: 0...2, using: &random))
        let run = Self.run(days: days)
        let rows = Scoring(days: run, weights: weights).rows(of: Self.counted(history))
        let naive = NaiveScoring(counts: history, from: run.lowerBound, to: run.upperBound, weights: weights).rows()
        #expect(rows.cells == naive.map(\.cell))
        #expect(rows.days == naive.map(\.day))
        #expect(rows.counts == naive.map(\.count))
        for (row, expected) in naive.enumerated() {
            #expect(Self.isClose(rows.rolling7dAvgs[row], expected.average))
            #expect(Self.isClose(rows.growthRates[row], expected.growth))
            #expect(Self.isClose(rows.risks[row], expected.risk))
        }
    }

    @Test func oneRowByHand() throws {
        // Counts of eight days: 1 0 0 2 0 0 0 4. The run covers the last two days.
        let days = [0: 1, 3: 2, 7: 4]
        let history: [UInt64: [LocalDay: Int]] = [
            9: Dictionary(uniqueKeysWithValues: days.map { (Self.from.advanced(by: $0.key), $0.value) })
        ]
        let run = Self.from.advanced(by: 6)...Self.from.advanced(by: 7)
        let rows = Scoring(days: run).rows(of: Self.counted(history))
        #expect(rows.count == 1)
        #expect(Self.isClose(rows.rolling7dAvgs[0], 6.0 / 7))
        #expect(Self.isClose(rows.growthRates[0], (4 - 3.0 / 7) / (3.0 / 7)))
        let weighted: [Double] = [0.5 * 4, 0.3 * 25 / 3, 0.2 * 6 / 7]
        #expect(Self.isClose(rows.risks[0], weighted.reduce(0, +)))
    }

    @Test(arguments: [1, 5, 11])
    func valuesDoNotDependOnWhereTheRunStarts(_ later: Int) {
        let counts = Self.counted(Self.history(77, days: 30))
        let whole = Scoring(days: Self.run(days: 30)).rows(of: counts)
        let start = Self.from.advanced(by: later)
        let part = Scoring(days: start...Self.from.advanced(by: 29)).rows(of: counts)
        let kept = whole.days.indices.filter { whole.days[$0] >= start }
        #expect(part.cells == kept.map { whole.cells[$0] })
        #expect(part.rolling7dAvgs == kept.map { whole.rolling7dAvgs[$0] })
        #expect(part.growthRates == kept.map { whole.growthRates[$0] })
        #expect(part.risks == kept.map { whole.risks[$0] })
    }

    @Test(arguments: UInt64(1)...4)
    func rowsOfSomeDaysAreThoseOfAllDays(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let counts = Self.counted(Self.history(seed, days: 40))
        let scoring = Scoring(days: Self.run(days: 40))
        let all = scoring.rows(of: counts)
        let chosen = Set((0..<6).map { _ in Self.from.advanced(by: Int.random(in: -3..<43, using: &random)) })
        let some = scoring.rows(of: counts, on: chosen)
        let kept = all.days.indices.filter { chosen.contains(all.days[$0]) }
        #expect(some.cells == kept.map { all.cells[$0] })
        #expect(some.days == kept.map { all.days[$0] })
        #expect(some.risks == kept.map { all.risks[$0] })
    }

    @Test func noEventsInTheRunAreNoRows() {
        let rows = Scoring(days: Self.run(days: 5)).rows(of: Self.counted([1: [Self.from.advanced(by: -3): 4]]))
        #expect(rows.count == 0)
    }
}
