/// The vendors of selected expenditures, the largest total first, and how concentrated they are.
package struct VendorConcentration: Sendable {
    package struct Row: Hashable, Sendable {
        /// The code of the vendor.
        package let vendor: Int
        package let sum: SpendingSum
        /// In percent of the positive totals; `nil` for a total of 0 or less.
        package let share: Double?
        /// The share of this vendor and all larger ones.
        package let cumulative: Double?
    }

    package let rows: [Row]
    package let total: SpendingSum
    /// Expenditures without a vendor. They count in the total, and in no share.
    package let unnamed: SpendingSum
    package let shares: VendorShares
    package let lorenz: [LorenzPoint]

    package init(_ table: ExpenditureTable, _ filter: ExpenditureFilter) {
        let selection = ExpenditureSelection(table, filter)
        let sums = selection.vendorSums
        total = sums.reduce(SpendingSum(), +)
        unnamed = sums[sums.count - 1]
        let named = sums.indices.dropLast().filter { sums[$0].count > 0 }.sorted {
            sums[$0].cents == sums[$1].cents
                ? table.vendors[$0].key ?? "" < table.vendors[$1].key ?? "" : sums[$0].cents > sums[$1].cents
        }
        let totals = named.map { sums[$0].cents }
        let positive = Array(totals.prefix { $0 > 0 }.reversed())
        let shares = VendorShares(ascending: positive, among: totals)
        self.shares = shares
        lorenz = LorenzPoint.curve(positive)
        var soFar: Int64 = 0
        rows = named.map { vendor in
            let sum = sums[vendor]
            guard sum.cents > 0 else { return Row(vendor: vendor, sum: sum, share: nil, cumulative: nil) }
            soFar += sum.cents
            return Row(
                vendor: vendor, sum: sum, share: 100 * Double(sum.cents) / Double(shares.cents),
                cumulative: 100 * Double(soFar) / Double(shares.cents))
        }
    }
}

extension ExpenditureSelection {
    /// The sum of each vendor, by code.
    var vendorSums: [SpendingSum] {
        var sums = [SpendingSum](repeating: SpendingSum(), count: table.vendors.count)
        sums.withUnsafeMutableBufferPointer { sums in
            table.vendorCodes.withUnsafeBufferPointer { vendors in
                table.amounts.withUnsafeBufferPointer { amounts in
                    visit { row in sums[Int(vendors[row])].add(amounts[row]) }
                }
            }
        }
        return sums
    }
}
