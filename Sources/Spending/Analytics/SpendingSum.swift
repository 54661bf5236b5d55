/// The sum and the number of some expenditures.
package struct SpendingSum: Hashable, Sendable {
    /// In cents.
    package var cents: Int64 = 0
    package var count = 0

    package init(cents: Int64 = 0, count: Int = 0) {
        self.cents = cents
        self.count = count
    }

    package static func + (one: Self, other: Self) -> Self {
        Self(cents: one.cents + other.cents, count: one.count + other.count)
    }

    mutating func add(_ cents: Int64) {
        // A table holds no amounts whose sum could overflow.
        self.cents &+= cents
        count &+= 1
    }
}

/// The change of an amount from the one a year before.
package struct SpendingChange: Hashable, Sendable {
    /// The difference in cents.
    package let cents: Int64
    /// The difference in percent of the earlier amount; `nil` where that is not above 0.
    package let percent: Double?

    init(from before: Int64, to now: Int64) {
        cents = now - before
        percent = before > 0 ? 100 * Double(now - before) / Double(before) : nil
    }
}

/// Sums by a number from a range, such as a day: in an array where the range is short, otherwise in a dictionary.
struct RangedSums {
    private static let longest = 1 << 20

    private let first: Int
    private var dense: [SpendingSum]
    private var sparse: [Int: SpendingSum] = [:]

    /// - Parameter range: The numbers that may come.
    init(_ range: Range<Int>) {
        first = range.lowerBound
        dense = range.count <= Self.longest ? [SpendingSum](repeating: SpendingSum(), count: range.count) : []
    }

    @inline(__always) mutating func add(_ number: Int, _ cents: Int64) {
        if dense.isEmpty {
            sparse[number, default: SpendingSum()].add(cents)
        } else {
            dense[number - first].add(cents)
        }
    }

    /// The numbers that came, ascending, with their sums.
    var sums: [(number: Int, sum: SpendingSum)] {
        if dense.isEmpty { return sparse.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
        return dense.indices.lazy.filter { dense[$0].count > 0 }.map { (first + $0, dense[$0]) }
    }
}
