import Foundation
import TestSupport
import Testing

@testable import Spending

@Suite struct SpendingOutliersTests {
    @Test func anAmountFarFromItsGroupIsFound() throws {
        // Logarithms -10...10 around that of 1000, in hundredths, and one of a hundred times as much.
        let usual = (-10...10).map { MadeUpExpenditure(Int64((100_000 * exp(Double($0) / 100)).rounded())) }
        let outliers = SpendingOutliers(try table(usual + [.init(10_000_000)]), .init())
        #expect(outliers.rows.map(\.id) == [22])
        let row = try #require(outliers.rows.first)
        #expect(row.compared == 22)
        #expect(row.z > 50)
        #expect(outliers.judged == 22)
        #expect(outliers.groups == 1)
    }

    @Test func groupsOfFewOrEqualAmountsAreNotJudged() throws {
        let few = (1...19).map { MadeUpExpenditure(Int64($0), account: "few") }
        let equal =
            (1...30).map { _ in MadeUpExpenditure(500, account: "equal") } + [.init(9_999_999, account: "equal")]
        let refunds = [MadeUpExpenditure(-7), .init(0)]
        let outliers = SpendingOutliers(try table(few + equal + refunds), .init())
        #expect(outliers.rows.isEmpty)
        #expect(outliers.fewAmounts == .init(groups: 1, expenditures: 19))
        #expect(outliers.noSpread == .init(groups: 1, expenditures: 31))
        #expect(outliers.notPositive == SpendingSum(cents: -7, count: 2))
    }

    @Test func medianAndDeviationAreThoseOfSortedDistances() {
        var random = SplitMix(state: 16)
        for _ in 0..<500 {
            let amounts = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                Int64.random(in: 1...(Bool.random(using: &random) ? 20 : 1_000_000), using: &random)
            }.sorted()
            let logarithms = Logarithms(amounts: amounts, rows: amounts.indices.map(Int32.init)[...])
            let values = amounts.map { log(Double($0)) }
            let expected = median(values)
            #expect(logarithms.median == expected)
            let deviation = logarithms.deviation(from: expected)
            #expect((deviation - median(values.map { ($0 - expected).magnitude })).magnitude < 1e-12)
        }
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    @Test func firstDigitsAreCountedInEveryPowerOfTen() throws {
        var random = SplitMix(state: 17)
        var counts = [Int](repeating: 0, count: 9)
        var expenditures: [MadeUpExpenditure] = [.init(-123), .init(0)]
        for _ in 0..<2000 {
            let cents = Int64.random(in: 1...(1 << Int64.random(in: 1...46, using: &random)), using: &random)
            counts[try #require(String(cents).first?.wholeNumberValue) - 1] += 1
            expenditures.append(.init(cents, department: ["A", "B", nil][Int(cents % 3)]))
        }
        #expect(SpendingOutliers(try table(expenditures), .init()).digits.counts == counts)
    }

    @Test func benfordsLawItselfConforms() {
        let digits = FirstDigits(counts: FirstDigits.expected.map { Int(($0 * 1e6).rounded()) })
        #expect(digits.conformity == "close")
        #expect(digits.p.map { $0 > 0.999 } == true)
        let even = FirstDigits(counts: [Int](repeating: 100, count: 9))
        #expect(even.conformity == "none")
        // scipy.stats.chisquare([100] * 9, numpy.log10(1 + 1 / numpy.arange(1, 10)) * 900)
        #expect(even.chiSquare.map { ($0 - 361.5284636209621).magnitude < 1e-6 } == true)
        #expect(FirstDigits(counts: [Int](repeating: 0, count: 9)).chiSquare == nil)
        // The same with [20, 20, 15, 10, 10, 8, 7, 6, 4].
        let some = FirstDigits(counts: [20, 20, 15, 10, 10, 8, 7, 6, 4])
        #expect(some.chiSquare.map { ($0 - 5.5038887357945026).magnitude < 1e-9 } == true)
        #expect(some.p.map { ($0 - 0.7026091170610685).magnitude < 1e-9 } == true)
    }
}
