import Domain
import Testing

@testable import Outlook

struct CountDistributionTests {
    struct File: Decodable {
        let cases: [Case]
        /// Events, events before, p.
        let changes: [[Double]]
    }

    struct Case: Decodable {
        let mean: Double
        let size: Double?
        let quantiles: [Int]
        let any: Double
        let counts: [Int]
        let log: [Double]
        let below: [Double]
        let atLeast: [Double]
        let crps: [Double]
    }

    @Test func figuresAreThoseOfScipy() throws {
        let file: File = try GoldenFile.read("distributions")
        #expect(file.cases.count == 7)
        for golden in file.cases {
            let found = CountDistribution(mean: golden.mean, size: golden.size ?? .infinity)
            #expect(found.quantiles([0.05, 0.25, 0.5, 0.75, 0.95, 0.999]) == golden.quantiles)
            #expect(isClose(found.chanceOfAny, golden.any))
            for (index, count) in golden.counts.enumerated() {
                let place = "mean \(golden.mean), count \(count)"
                #expect(isClose(found.logProbability(count), golden.log[index]), "\(place)")
                #expect(isClose(found.chances(below: count).below, golden.below[index]), "\(place)")
                #expect(isClose(found.crps(count), golden.crps[index]), "\(place)")
                // The upper tail is right to nine digits of its own.
                let tail = found.chance(ofAtLeast: count)
                #expect(abs(tail - golden.atLeast[index]) <= 1e-9 * golden.atLeast[index], "\(place)")
            }
        }
    }

    @Test func changesAreTestedAsByScipy() throws {
        let file: File = try GoldenFile.read("distributions")
        for golden in file.changes {
            let change = PeriodChange(events: Int(golden[0]), before: Int(golden[1]))
            #expect(isClose(change.p, golden[2]), "\(golden)")
        }
        #expect(PeriodChange(events: 0, before: 0).p == 1)
        #expect(PeriodChange(events: 12, before: 2).word() == .rising)
        #expect(PeriodChange(events: 2, before: 12).word() == .falling)
        #expect(PeriodChange(events: 9, before: 8).word() == .steady)
        #expect(PeriodChange(events: 9, before: 0).word() == .few)
    }

    @Test(arguments: [(1e-12, 1e-6), (5_000, 0.01), (1_000_000, 50), (1_000_000, .infinity), (0.5, 1e9)])
    func extremesGiveFiniteFigures(_ mean: Double, _ size: Double) {
        let found = CountDistribution(mean: mean, size: size)
        for count in [0, 1, 100, 2_000_000] {
            #expect(found.crps(count).isFinite)
            #expect(!found.logProbability(count).isNaN)
            #expect((0...1).contains(found.chances(below: count).below))
            #expect((0...1).contains(found.chance(ofAtLeast: count)))
        }
        let bounds = found.quantiles([0.05, 0.25, 0.75, 0.95])
        #expect(bounds == bounds.sorted())
    }
}
