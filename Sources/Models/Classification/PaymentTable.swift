package import Domain

/// Payments to learn from, column by column.
package struct PaymentTable: Sendable {
    /// Amounts in hundredths of the currency: no amount is ever a floating-point number.
    package private(set) var amounts: [Int64] = []
    package private(set) var days: [LocalDay] = []
    /// The fiscal years; `nil` where it is not known.
    package private(set) var years: [Int32?] = []
    package private(set) var vendors = CategoryColumn(CategoryKey.ofVendor)
    package private(set) var departments = CategoryColumn()
    package private(set) var accounts = CategoryColumn()

    package init() {}

    package var rows: Int { amounts.count }

    package mutating func append(
        amount: Int64, day: LocalDay, year: Int32?, vendor: String?, department: String?, account: String?
    ) {
        amounts.append(amount)
        days.append(day)
        years.append(year)
        vendors.append(vendor)
        departments.append(department)
        accounts.append(account)
    }
}

/// A division of payments by time: what a model learns from, and the later ones that it is measured on.
package struct HoldOut: Hashable, Sendable {
    package enum Rule: String, Sendable, Codable {
        /// The latest fiscal year is held out.
        case fiscalYear = "fiscal_year"
        /// The latest fifth by time is held out.
        case time
    }

    package let rule: Rule
    /// Positions of the rows that are learnt from, in their order.
    package let training: [Int]
    /// Positions of the rows that are held out. Each is at or after every day of the training.
    package let test: [Int]

    /// The shares of all payments within which the latest fiscal year is held out.
    private static let shares = 0.05...0.4
    /// The share that is held out otherwise.
    private static let usual = 0.2
    /// The share of a fiscal year's first payments that do not say when it began: a few are always dated wrongly.
    private static let strays = 0.01
    /// The fewest payments to learn from, and to measure on.
    package static let fewest = (training: 200, test: 50)

    /// - Throws: ``ModelError`` with code `.data` for too few payments, or such that are all of one day.
    package init(_ table: PaymentTable) throws(ModelError) {
        let split = Self.byYear(table) ?? Self.byTime(table)
        guard split.training.count >= Self.fewest.training, split.test.count >= Self.fewest.test else {
            throw ModelError(
                .data,
                "there are \(split.training.count) payments to learn from and \(split.test.count) later ones to "
                    + "measure on; \(Self.fewest.training) and \(Self.fewest.test) are needed")
        }
        (rule, training, test) = split
    }

    private static func byYear(_ table: PaymentTable) -> (rule: Rule, training: [Int], test: [Int])? {
        guard let latest = table.years.lazy.compactMap({ $0 }).max() else { return nil }
        let rows = (0..<table.rows).filter { table.years[$0] == latest }
        guard shares.contains(Double(rows.count) / Double(table.rows)) else { return nil }
        let days = rows.map { table.days[$0] }.sorted()
        let first = days[Int(strays * Double(days.count))]
        return (
            .fiscalYear, (0..<table.rows).filter { table.days[$0] < first && table.years[$0] != latest },
            rows.filter { table.days[$0] >= first }
        )
    }

    private static func byTime(_ table: PaymentTable) -> (rule: Rule, training: [Int], test: [Int]) {
        guard table.rows > 0 else { return (.time, [], []) }
        let first = table.days.sorted()[Int((1 - usual) * Double(table.rows))]
        return (
            .time, (0..<table.rows).filter { table.days[$0] < first },
            (0..<table.rows).filter { table.days[$0] >= first }
        )
    }
}
