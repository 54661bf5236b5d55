import Risk
import Testing

struct NormalizationTests {
    private static let day = LocalDay(number: 100)

    /// Scores of cells 1, 2, … with the given counts on one day; with the count alone as risk.
    private static func scores(_ counts: [Int], _ normalization: Normalization) -> [Double] {
        let cells = counts.enumerated().flatMap { [UInt64](repeating: UInt64($0 + 1), count: $1) }
        let scoring = Scoring(
            days: day...day, weights: RiskWeights(count: 1, growth: 0, average: 0), normalization: normalization)
        return scoring.rows(of: CellDayCounts(cells: cells, days: cells.map { _ in day })).scores
    }

    @Test func minmaxSpansTheRisksOfTheRun() {
        #expect(Self.scores([1, 5, 3, 5, 2], .minmax) == [0, 100, 50, 100, 25])
    }

    @Test func percentileIsTheShareOfOtherRowsThatAreLower() {
        #expect(Self.scores([1, 5, 3, 5, 2], .percentile) == [0, 75, 50, 75, 25])
        #expect(Self.scores([4, 4, 4], .percentile) == [0, 0, 0])
        #expect(Self.scores([1, 2], .percentile) == [0, 100])
    }

    @Test(arguments: Normalization.allCases)
    func aSingleRowScoresZero(_ normalization: Normalization) {
        #expect(Self.scores([7], normalization) == [0])
    }

    @Test(arguments: UInt64(1)...10)
    func percentilesWithTiesAreThoseOfTheDefinition(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let counts = (0..<300).map { _ in Int.random(in: 1...12, using: &random) }
        let expected = counts.map { count in 100 * Double(counts.count { $0 < count }) / 299 }
        #expect(Self.scores(counts, .percentile) == expected)
    }
}
