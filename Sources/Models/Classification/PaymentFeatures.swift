import Domain

/// The numbers that a payment is judged by.
package enum PaymentFeatures {
    /// The features in the order of the matrix.
    package static let names = [
        "vendor_rate", "vendor_payments", "department_rate", "department_payments", "account_rate",
        "account_payments", "month",
    ]
    /// The parts of a payment, each with the features that come from it.
    package static let inputs: [(name: String, features: ClosedRange<Int>)] = [
        ("vendor", 0...1), ("department", 2...3), ("account_description", 4...5), ("month", 6...6),
    ]
    package static var count: Int { names.count }

    /// The number of parts into which training rows are divided, so that the rate of a category is never made of the
    /// very payment that is learnt from.
    private static let folds = 5

    /// The matrix of the training rows. The rates of each row's categories are those of the other four fifths of the
    /// training, by a seeded division.
    /// - Parameter labels: Whether each of `rows` is high-value, in their order.
    static func training(_ table: PaymentTable, rows: [Int], labels: [Bool], seed: UInt64) -> [Float] {
        var bits = SeededBits(seed: seed)
        let fold = rows.map { _ in bits.index(below: folds) }
        var matrix = [Float](repeating: .nan, count: rows.count * count)
        let columns = [table.vendors, table.departments, table.accounts]
        let whole = columns.map { CategoryCounts($0, rows: rows, labels: labels) }
        for part in 0..<folds {
            let inside = rows.indices.filter { fold[$0] == part }
            let insideRows = inside.map { rows[$0] }
            let insideLabels = inside.map { labels[$0] }
            let outside = rows.count - inside.count
            let high = labels.count { $0 } - insideLabels.count { $0 }
            let share = Double(high) / Double(max(1, outside))
            for (index, column) in columns.enumerated() {
                let own = CategoryCounts(column, rows: insideRows, labels: insideLabels)
                for place in inside {
                    let code = Int(column.codes[rows[place]])
                    let (rate, seen) =
                        code < 0
                        ? CategoryRates.features(high: 0, payments: 0, share: share)
                        : CategoryRates.features(
                            high: whole[index].high[code] - own.high[code],
                            payments: whole[index].payments[code] - own.payments[code], share: share)
                    matrix[place * count + 2 * index] = rate
                    matrix[place * count + 2 * index + 1] = seen
                }
            }
        }
        for (place, row) in rows.enumerated() { matrix[place * count + 6] = Float(table.days[row].month) }
        return matrix
    }
}

/// The rates of all categories of a training window.
package struct PaymentRates: Hashable, Sendable, Codable {
    package let vendors: CategoryRates
    package let departments: CategoryRates
    package let accounts: CategoryRates

    init(_ table: PaymentTable, rows: [Int], labels: [Bool]) {
        let share = Double(labels.count { $0 }) / Double(max(1, labels.count))
        vendors = CategoryRates(table.vendors, rows: rows, labels: labels, share: share)
        departments = CategoryRates(table.departments, rows: rows, labels: labels, share: share)
        accounts = CategoryRates(table.accounts, rows: rows, labels: labels, share: share)
    }

    /// Appends the features of a payment, whose categories are keys. NaN is a missing month.
    func append(
        vendor: String?, department: String?, account: String?, month: Int?, to matrix: inout [Float]
    ) {
        for (rates, key) in [(vendors, vendor), (departments, department), (accounts, account)] {
            let (rate, seen) = rates.features(of: key)
            matrix.append(rate)
            matrix.append(seen)
        }
        matrix.append(month.map { Float($0) } ?? .nan)
    }

    /// The matrix of rows that were not learnt from.
    func matrix(_ table: PaymentTable, rows: some Sequence<Int>) -> [Float] {
        var matrix: [Float] = []
        for row in rows {
            append(
                vendor: table.vendors.key(row), department: table.departments.key(row),
                account: table.accounts.key(row), month: table.days[row].month, to: &matrix)
        }
        return matrix
    }
}

extension LocalDay {
    /// The month, 1 to 12.
    package var month: Int { civil.month }
}
