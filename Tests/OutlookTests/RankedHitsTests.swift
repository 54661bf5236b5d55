import Testing

@testable import Outlook

struct RankedHitsTests {
    @Test func hitsByHand() {
        // Of 40 cells, 1 % is one cell, 2.5 % one, 5 % two.
        var ranking = [Double](repeating: 0, count: 40)
        (ranking[3], ranking[7], ranking[9]) = (5, 4, 3)
        var counts = [Int32](repeating: 0, count: 40)
        (counts[3], counts[7], counts[9], counts[20]) = (2, 1, 0, 7)
        let found = RankedHits(ranking: ranking, counts: counts)
        #expect(found.hits == [2, 2, 3])
        #expect(found.best == [7, 7, 9])
        #expect(found.events == 10)
        #expect(found.hitRates == [0.2, 0.2, 0.3])
        let efficiency: [Double] = [2.0 / 7.0, 2.0 / 7.0, 1.0 / 3.0]
        #expect(found.pei == efficiency)
        for (index, accuracy) in [8.0, 8.0, 6.0].enumerated() { #expect(isClose(found.pai[index], accuracy)) }
    }

    @Test func tiedCellsCountInPart() {
        // Two places for three cells with the same value, of which one had all four events.
        var ranking = [Double](repeating: 0, count: 40)
        (ranking[1], ranking[2], ranking[3]) = (1, 1, 1)
        var counts = [Int32](repeating: 0, count: 40)
        counts[3] = 4
        let found = RankedHits(ranking: ranking, counts: counts)
        #expect(isClose(found.hits[0], 4.0 / 3))
        #expect(isClose(found.hits[2], 8.0 / 3))
        // Nothing is known of the order: every cell has the same chance, and the index is 1.
        let blind = RankedHits(ranking: [Double](repeating: 0, count: 40), counts: counts)
        #expect(blind.pai.allSatisfy { isClose($0, 1) })
    }

    @Test func theOrderOfCellsDoesNotMatter() {
        let ranking: [Double] = (0..<60).map { Double($0 % 4) }
        let counts: [Int32] = (0..<60).map { Int32($0 % 7) }
        let found = RankedHits(ranking: ranking, counts: counts)
        let reversed = RankedHits(ranking: ranking.reversed(), counts: counts.reversed())
        #expect(found == reversed)
    }

    @Test func noEventsHaveNoShare() {
        let found = RankedHits(ranking: [1, 2], counts: [0, 0])
        #expect(found.hitRates == [0, 0, 0])
        #expect(found.pei == [0, 0, 0])
    }

    @Test(arguments: [(0.01, 1, 1), (0.01, 100, 1), (0.01, 101, 2), (0.05, 60, 3), (0.025, 40, 1), (0.025, 41, 2)])
    func sharesAreRoundedUp(_ share: Double, _ cells: Int, _ expected: Int) {
        #expect(RankedHits.cells(share, of: cells) == expected)
    }

    @Test func rightForecastsAreCalibrated() {
        var calibration = Calibration()
        // Every outcome of a distribution, as often as it says.
        let distribution = CountDistribution(mean: 6.3, size: 4)
        let outcomes = 20_000
        var random = Mixer(seed: 4)
        var before = 0.0
        for count in 0..<80 {
            let next = before + distribution.chances(below: count).equal * Double(outcomes)
            for _ in Int(before.rounded())..<Int(next.rounded()) {
                calibration.add(distribution, count, random: random.share())
            }
            before = next
        }
        #expect(abs(calibration.randomised50 - 0.5) < 0.015)
        #expect(abs(calibration.randomised90 - 0.9) < 0.01)
        #expect(calibration.transform.allSatisfy { abs(Double($0) - 2_000) < 200 })
        #expect(calibration.large == calibration.forecasts)
        #expect((calibration.plain90 ?? 0) > 0.9)
        #expect(isClose(calibration.plain50 ?? 0, calibration.stated50 ?? 1, 1e-3))
        #expect(isClose(calibration.plain90 ?? 0, calibration.stated90 ?? 1, 1e-3))
        let bin = calibration.reliability[7]
        #expect(bin.forecasts == 0)
        let last = calibration.reliability[8]
        #expect(isClose(last.stated / Double(last.forecasts), Double(last.happened) / Double(last.forecasts), 1e-3))
    }
}
