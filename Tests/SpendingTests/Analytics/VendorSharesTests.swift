import TestSupport
import Testing

@testable import Spending

@Suite struct VendorSharesTests {
    @Test func theIndicesOfFourVendors() {
        let shares = VendorShares([4000, 3000, 2000, 1000])
        #expect(shares.vendors == 4)
        #expect(shares.hhi.map { ($0 - 3000).magnitude < 1e-9 } == true)  // 40^2 + 30^2 + 20^2 + 10^2
        #expect(shares.cr4 == 100)
        // 2 (1 x 1 + 2 x 2 + 3 x 3 + 4 x 4) / (4 x 10) - 5 / 4
        #expect(shares.gini.map { ($0 - 0.25).magnitude < 1e-12 } == true)
    }

    @Test func oneVendorHasEverything() {
        let shares = VendorShares([123])
        #expect(shares.hhi == 10_000)
        #expect(shares.gini == 0)
        #expect(LorenzPoint.curve([123]) == [.init(vendors: 0, amount: 0), .init(vendors: 100, amount: 100)])
    }

    @Test func vendorsThatPaidBackMoreHaveNoShare() {
        let shares = VendorShares([300, -500, 100, 0])
        #expect(shares.cents == 400)
        #expect(shares.leftOut == 2)
        #expect(shares.leftOutCents == -500)
        #expect(abs((shares.hhi ?? 0) - 6250) < 1e-9)
    }

    @Test(arguments: [[], [-1, -2], [0]] as [[Int64]])
    func withoutAPositiveTotalNothingIsKnown(totals: [Int64]) {
        let shares = VendorShares(totals)
        #expect(shares.hhi == nil)
        #expect(shares.cr10 == nil)
        #expect(shares.gini == nil)
        #expect(LorenzPoint.curve(totals.filter { $0 > 0 }).isEmpty)
    }

    @Test func theIndicesAreWhatTheirDefinitionsSay() throws {
        var random = SplitMix(state: 15)
        for _ in 0..<200 {
            let totals = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Int64.random(in: -2000...10_000, using: &random)
            }
            let positive = totals.filter { $0 > 0 }
            let shares = VendorShares(totals.shuffled(using: &random))
            #expect(shares.vendors == positive.count)
            guard let hhi = shares.hhi, let gini = shares.gini else {
                #expect(positive.isEmpty)
                continue
            }
            let sum = Double(positive.reduce(0, +))
            // Gini as half the relative mean difference.
            let differences = positive.reduce(0.0) { total, one in
                total + positive.reduce(0.0) { $0 + Double((one - $1).magnitude) }
            }
            let expected = differences / (2 * Double(positive.count) * sum)
            #expect((gini - expected).magnitude < 1e-9)
            #expect((1e4 / Double(positive.count) - 1e-6...1e4 + 1e-6).contains(hhi))
            let curve = LorenzPoint.curve(positive.sorted())
            #expect(curve.last == LorenzPoint(vendors: 100, amount: 100))
            #expect(curve.allSatisfy { $0.amount <= $0.vendors + 1e-9 })
        }
    }
}
