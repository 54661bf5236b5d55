import Foundation

/// How often payments of each category were high-value in the training window, drawn towards the share of all.
package struct CategoryRates: Hashable, Sendable, Codable {
    /// The payments of a category in the training window.
    package struct Tally: Hashable, Sendable, Codable {
        package var high: Int
        package var payments: Int
    }

    /// The number of payments with the share of all that each category begins with.
    package static let strength = 10.0
    /// The most categories that are kept, those with most payments. Others are as if unseen.
    private static let mostCategories = 50_000

    /// The share of all payments of the window that were high-value.
    package let share: Double
    package let tallies: [String: Tally]

    /// Counts rows of a column.
    package init(_ column: CategoryColumn, rows: [Int], labels: [Bool], share: Double) {
        self.share = share
        let counts = CategoryCounts(column, rows: rows, labels: labels)
        let kept = column.keys.indices.filter { counts.payments[$0] > 0 }.sorted { left, right in
            let (a, b) = (counts.payments[left], counts.payments[right])
            return a == b ? column.keys[left] < column.keys[right] : a > b
        }
        tallies = Dictionary(
            uniqueKeysWithValues: kept.prefix(Self.mostCategories).map { code in
                (column.keys[code], Tally(high: counts.high[code], payments: counts.payments[code]))
            })
    }

    /// The features of a category: its smoothed rate, and the natural logarithm of one more than its payments. One that
    /// the training window has not seen has the share of all, and 0.
    package func features(of key: String?) -> (rate: Float, seen: Float) {
        let tally = key.flatMap { tallies[$0] } ?? Tally(high: 0, payments: 0)
        return Self.features(high: tally.high, payments: tally.payments, share: share)
    }

    static func features(high: Int, payments: Int, share: Double) -> (rate: Float, seen: Float) {
        let rate = (Double(high) + strength * share) / (Double(payments) + strength)
        return (Float(rate), Float(log1p(Double(payments))))
    }
}

/// The counts of rows and of high-value ones, by the number of the category.
struct CategoryCounts {
    private(set) var high: [Int]
    private(set) var payments: [Int]

    /// - Parameter labels: Whether each of `rows` is high-value, in their order.
    init(_ column: CategoryColumn, rows: [Int], labels: [Bool]) {
        high = [Int](repeating: 0, count: column.keys.count)
        payments = high
        for (row, label) in zip(rows, labels) where column.codes[row] >= 0 {
            let code = Int(column.codes[row])
            payments[code] += 1
            if label { high[code] += 1 }
        }
    }
}
