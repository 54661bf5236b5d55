import Testing

@testable import Areas

struct FiguresTests {
    @Test func ratesAreByThousandResidentsAndYear() throws {
        // 30 events among 2,000 residents in 365.25 days are 15 a thousand; in half the time twice as many.
        #expect(AreaRates.rate(events: 30, population: 2000, days: 1461) == 15.0 / 4)
        #expect(AreaRates.density(events: 30, squareKilometres: 4, days: 1461) == 7.5 / 4)
        #expect(AreaRates.rate(events: 30, population: 0, days: 365) == nil)
        #expect(AreaRates.density(events: 30, squareKilometres: 4, days: 0) == nil)
    }

    /// Expected values: PySAL esda 2.9.0, `Empirical_Bayes(e, b).r`.
    @Test func empiricalBayesRatesAreThoseOfPySAL() throws {
        let estimates = EmpiricalBayes(
            events: [8, 12, 0, 31, 5, 77, 1], bases: [1200, 3400, 150, 5100, 2500, 4800, 90])
        let expected = [
            0.006888720423977161, 0.0038749980905015214, 0.005190149913798806, 0.0061729867629212514,
            0.002621188785283301, 0.01555301872573643, 0.00854016105676182,
        ]
        for (rate, expected) in zip(estimates.rates, expected) { #expect(abs(try #require(rate) - expected) < 1e-15) }
    }

    /// The variance between these areas is below what chance explains, so all get the mean: 6 of 6,400.
    @Test func areasThatDifferByChanceAloneGetTheMean() {
        let estimates = EmpiricalBayes(events: [1, 2, 0, 3], bases: [1000, 2000, 500, 2900])
        #expect(estimates.variance == 0)
        #expect(estimates.rates == [0.0009375, 0.0009375, 0.0009375, 0.0009375])
    }

    @Test func areasWithoutABaseTakeNoPart() {
        let all = EmpiricalBayes(events: [8, 500, 12, 7, 31], bases: [1200, nil, 3400, 0, 5100])
        let known = EmpiricalBayes(events: [8, 12, 31], bases: [1200, 3400, 5100])
        #expect(all.rates == [known.rates[0], nil, known.rates[1], nil, known.rates[2]])
        #expect(EmpiricalBayes(events: [3, 4], bases: [nil, 0]).rates == [nil, nil])
        #expect(EmpiricalBayes(events: [], bases: []).rates == [])
    }

    @Test func aLayerWithoutEventsHasRatesOfZero() {
        #expect(EmpiricalBayes(events: [0, 0], bases: [10, 20]).rates == [0, 0])
    }

    /// Expected values: SciPy 1.17.1, `binomtest(a, a + b, 0.5).pvalue`.
    @Test(arguments: [
        (0, 1, 1.0), (3, 7, 0.34375), (5, 5, 1), (12, 30, 0.007915897334896727), (30, 12, 0.007915897334896727),
        (0, 20, 1.9073486328125e-06), (150, 190, 0.0342700465332939), (1000, 1100, 0.03072070786424249),
        (49_800, 50_300, 0.11475178829781196), (1_000_000, 1_003_000, 0.034088365079432),
        (500, 900, 6.789454160524338e-27), (1, 14, 0.0009765625), (15, 16, 1), (0, 0, 1),
    ])
    func theChanceOfADifferenceIsThatOfTheExactTest(a: Int, b: Int, expected: Double) {
        #expect(abs(BinomialTest.p(a, b) / expected - 1) < 1e-9)
    }

    @Test(
        arguments: [
            (30, 12, AreaTrend.Label.rising, 150.0), (12, 30, .falling, -60), (20, 22, .steady, -100 / 11.0),
            (9, 0, .few, nil), (10, 0, .rising, nil), (0, 9, .few, -100), (0, 0, .few, nil),
        ] as [(Int, Int, AreaTrend.Label, Double?)])
    func aTrendIsNamedByItsChance(last: Int, before: Int, label: AreaTrend.Label, change: Double?) {
        let trend = AreaTrend(last: last, before: before)
        #expect(trend.label == label)
        #expect(trend.change == change)
    }

    @Test func theSafetyScoreIsTheShareOfAreasWithAHigherRate() {
        // Above 1: 2, 2, 5. Above each 2: 5, and half of the other 2.
        #expect(AreaRanking.safetyScores([5, 1, 2, nil, 2]) == [0, 100, 50, nil, 50])
        #expect(AreaRanking.safetyScores([3, nil]) == [nil, nil])
        #expect(AreaRanking.safetyScores([3, 3, 3]) == [50, 50, 50])
    }

    @Test func peersAreTheNearestInRate() {
        #expect(
            AreaRanking.peers([10, 1, 4, nil, 11, 5], count: 2) == [[4, 5], [2, 5], [5, 1], [], [0, 5], [2, 1]])
        #expect(AreaRanking.peers([1, 2], count: 5) == [[1], [0]])
        #expect(AreaRanking.peers([nil], count: 5) == [[]])
    }
}
