import Foundation

/// How much of an amount goes to how few vendors.
///
/// Shares are those of the vendors with a positive total, of the sum of these totals: where more was paid back than
/// paid, a share would have no meaning. The vendors that are left out are counted.
package struct VendorShares: Hashable, Sendable {
    /// The number of vendors with a positive total, and the sum of these totals in cents.
    package let vendors: Int
    package let cents: Int64
    /// The vendors whose total is 0 or negative, and the sum of theirs.
    package let leftOut: Int
    package let leftOutCents: Int64
    /// The Herfindahl-Hirschman index: the sum of the squared shares in percent, from near 0 to 10,000 for a single
    /// vendor. `nil` without vendors, as are all below.
    package let hhi: Double?
    /// The share of the four and of the ten largest vendors, in percent.
    package let cr4: Double?
    package let cr10: Double?
    /// The Gini coefficient of the totals, from 0 where all are equal to nearly 1: with totals x ascending,
    /// 2 sum(i x_i) / (n sum x) - (n + 1) / n.
    package let gini: Double?

    /// - Parameter totals: The totals of all vendors, in cents, in any order.
    package init(_ totals: [Int64]) { self.init(ascending: totals.filter { $0 > 0 }.sorted(), among: totals) }

    /// - Parameters:
    ///   - positive: The positive totals, ascending.
    ///   - all: All totals.
    init(ascending positive: [Int64], among all: [Int64]) {
        let sum = positive.reduce(0, +)
        vendors = positive.count
        cents = sum
        leftOut = all.count - positive.count
        leftOutCents = all.reduce(0, +) - sum
        guard sum > 0 else {
            (hhi, cr4, cr10, gini) = (nil, nil, nil, nil)
            return
        }
        let whole = Double(sum)
        var squares = 0.0
        var weighted = 0.0
        for (index, total) in positive.enumerated() {
            let share = 100 * Double(total) / whole
            squares += share * share
            weighted += Double(index + 1) * (Double(total) / whole)
        }
        let count = Double(positive.count)
        hhi = squares
        cr4 = 100 * Double(positive.suffix(4).reduce(0, +)) / whole
        cr10 = 100 * Double(positive.suffix(10).reduce(0, +)) / whole
        gini = max(0, 2 * weighted / count - (count + 1) / count)
    }
}

/// A point of a Lorenz curve, in percent: so many of the vendors, the smallest first, got so much of the amount.
package struct LorenzPoint: Hashable, Sendable {
    package let vendors: Double
    package let amount: Double

    /// How many points a curve has at most, besides the first one at 0.
    static let most = 100

    /// The points at every vendor, or at a hundred of them at equal distances.
    /// - Parameter positive: The positive totals, ascending.
    static func curve(_ positive: [Int64]) -> [LorenzPoint] {
        guard !positive.isEmpty else { return [] }
        let whole = Double(positive.reduce(0, +))
        let steps = min(most, positive.count)
        var points = [LorenzPoint(vendors: 0, amount: 0)]
        var (taken, sum) = (0, Int64(0))
        for step in 1...steps {
            let upTo = step * positive.count / steps
            while taken < upTo {
                sum += positive[taken]
                taken += 1
            }
            points.append(
                LorenzPoint(
                    vendors: 100 * Double(taken) / Double(positive.count), amount: 100 * Double(sum) / whole))
        }
        return points
    }
}
