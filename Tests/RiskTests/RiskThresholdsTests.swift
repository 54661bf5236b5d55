import Risk
import Testing

struct RiskThresholdsTests {
    @Test(arguments: [
        (0.0, RiskLevel.low), (10, .low), (10.1, .medium), (60, .medium), (60.5, .high), (90, .high), (90.1, .critical),
    ])
    func aScoreOnAThresholdIsOfTheLowerLevel(_ score: Double, _ level: RiskLevel) {
        #expect(RiskThresholds(medium: 10, high: 60, critical: 90, flagZ: 2).level(of: score) == level)
    }

    @Test func aRunUsesItsOwn() {
        let day = LocalDay(number: 18_000)
        // Four days of one event and one of two: z = 2 on the last.
        let days = (0..<5).map { day.advanced(by: $0) } + [day.advanced(by: 4)]
        let counts = CellDayCounts(cells: [UInt64](repeating: 1, count: 6), days: days)
        for (threshold, isFlagged) in [(2.0, true), (2.1, false)] {
            let thresholds = RiskThresholds(medium: 0, high: 0, critical: 99, flagZ: threshold)
            let rows = Scoring(days: day...day.advanced(by: 4), thresholds: thresholds).rows(of: counts)
            #expect(rows.flags == [false, false, false, false, isFlagged])
            #expect(Set(rows.levels) == [.low, .high, .critical])
        }
    }
}
