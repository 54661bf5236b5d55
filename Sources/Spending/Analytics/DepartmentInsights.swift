/// The departments of selected expenditures, the largest total first.
package struct DepartmentInsights: Sendable {
    /// How many vendors are named for each department.
    package static let namedVendors = 5

    package struct Row: Sendable {
        /// The code of the department.
        package let department: Int
        package let sum: SpendingSum
        /// The mean and the median of the amounts, in cents.
        package let mean: Double
        package let median: Double
        /// In percent of the departments with a positive total; `nil` for a total of 0 or less.
        package let share: Double?
        /// The change of the last fiscal year from the one before; `nil` unless the department has expenditures in
        /// both.
        package let growth: SpendingChange?
        package let vendors: VendorShares
        /// The largest vendors with a positive total: their codes, sums and shares in percent.
        package let topVendors: [(vendor: Int, sum: SpendingSum, share: Double)]
    }

    package let rows: [Row]
    package let total: SpendingSum
    /// The last fiscal year of the selected expenditures, which growth is of.
    package let lastYear: Int?
    /// How concentrated the expenditures are on departments, as for vendors.
    package let shares: VendorShares

    package init(_ table: ExpenditureTable, _ filter: ExpenditureFilter) {
        let selection = ExpenditureSelection(table, filter)
        let years = selection.fiscalYears(groups: table.departments.count) { department, _ in department }
        let lastYear = years.compactMap { $0.last?.year }.max()
        self.lastYear = lastYear
        var tally = VendorTally(vendors: table.vendors.count)
        var rows: [(row: Row, cents: Int64)] = []
        let sums = selection.segments.map { segment in
            var sum = SpendingSum()
            table.amounts.withUnsafeBufferPointer { amounts in
                selection.visit(segment.places) { sum.add(amounts[$0]) }
            }
            return sum
        }
        let shares = VendorShares(sums.map(\.cents))
        for (segment, sum) in zip(selection.segments, sums) {
            let named = tally.sums(of: segment, selection, unnamed: table.vendors.count - 1)
            let vendors = VendorShares(named.map(\.sum.cents))
            let top = named.filter { $0.sum.cents > 0 }.sorted {
                $0.sum.cents == $1.sum.cents
                    ? table.vendors[$0.vendor].key ?? "" < table.vendors[$1.vendor].key ?? ""
                    : $0.sum.cents > $1.sum.cents
            }.prefix(Self.namedVendors)
            rows.append(
                (
                    Row(
                        department: segment.department, sum: sum, mean: Double(sum.cents) / Double(sum.count),
                        median: selection.medianAmount(segment.places),
                        share: sum.cents > 0 ? 100 * Double(sum.cents) / Double(shares.cents) : nil,
                        growth: Self.growth(years[segment.department], lastYear), vendors: vendors,
                        topVendors: top.map {
                            ($0.vendor, $0.sum, 100 * Double($0.sum.cents) / Double(vendors.cents))
                        }),
                    sum.cents
                ))
        }
        self.rows = rows.sorted {
            $0.cents == $1.cents ? $0.row.department < $1.row.department : $0.cents > $1.cents
        }.map(\.row)
        self.shares = shares
        total = sums.reduce(SpendingSum(), +)
    }

    private static func growth(_ years: [(year: Int, sum: SpendingSum)], _ last: Int?) -> SpendingChange? {
        guard let last, years.count > 1, years[years.count - 1].year == last, years[years.count - 2].year == last - 1
        else { return nil }
        return SpendingChange(from: years[years.count - 2].sum.cents, to: years[years.count - 1].sum.cents)
    }
}

/// Sums of vendors within one department after the other, in arrays that are cleared by what was touched.
private struct VendorTally {
    private var sums: [SpendingSum]
    private var touched: [Int32] = []

    init(vendors: Int) { sums = [SpendingSum](repeating: SpendingSum(), count: vendors) }

    /// The vendors of a department with their sums, without expenditures that have none.
    mutating func sums(
        of segment: ExpenditureSelection.Segment, _ selection: ExpenditureSelection, unnamed: Int
    ) -> [(vendor: Int, sum: SpendingSum)] {
        touched.removeAll(keepingCapacity: true)
        Self.add(segment, selection, to: &sums, &touched)
        var found: [(vendor: Int, sum: SpendingSum)] = []
        for vendor in touched {
            if Int(vendor) != unnamed { found.append((Int(vendor), sums[Int(vendor)])) }
            sums[Int(vendor)] = SpendingSum()
        }
        return found
    }

    private static func add(
        _ segment: ExpenditureSelection.Segment, _ selection: ExpenditureSelection, to sums: inout [SpendingSum],
        _ touched: inout [Int32]
    ) {
        sums.withUnsafeMutableBufferPointer { sums in
            selection.table.vendorCodes.withUnsafeBufferPointer { vendors in
                selection.table.amounts.withUnsafeBufferPointer { amounts in
                    selection.visit(segment.places) { row in
                        let vendor = Int(vendors[row])
                        if sums[vendor].count == 0 { touched.append(vendors[row]) }
                        sums[vendor].add(amounts[row])
                    }
                }
            }
        }
    }
}

extension ExpenditureSelection {
    /// The median of the amounts at places of a segment, in cents. There must be some.
    fileprivate func medianAmount(_ places: Range<Int>) -> Double {
        let middle = places.lowerBound + places.count / 2
        let upper = Double(table.amounts[row(middle)])
        return places.count % 2 == 1 ? upper : (Double(table.amounts[row(middle - 1)]) + upper) / 2
    }
}
