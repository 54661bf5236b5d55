import Domain

/// Expenditures by month, quarter or fiscal year, or by fiscal year within departments or accounts.
package struct SpendingTrends: Sendable {
    /// The periods or groups that expenditures are divided by.
    package enum Division: String, CaseIterable, Sendable {
        case month
        case quarter
        case fiscalYear = "fiscal_year"
        case department
        case account
    }

    /// A period: a month or a quarter of the calendar, or a fiscal year.
    package enum Period: Hashable, Sendable, CustomStringConvertible {
        case month(year: Int, month: Int)
        case quarter(year: Int, quarter: Int)
        case fiscalYear(Int)

        /// The text `2016-04`, `2016-Q2` or `2016`.
        package var description: String {
            switch self {
            case .month(let year, let month): "\(Self.padded(year, 4))-\(Self.padded(month, 2))"
            case .quarter(let year, let quarter): "\(Self.padded(year, 4))-Q\(quarter)"
            case .fiscalYear(let year): "\(year)"
            }
        }

        private static func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
    }

    /// The expenditures of a period.
    package struct Row: Hashable, Sendable {
        package let period: Period
        /// The department or the account; `nil` where the division has none.
        package let group: Int?
        package let sum: SpendingSum
        /// The change from the same period of the year before; `nil` where the first period is later than that, or
        /// where the group has no expenditures in that year.
        package let change: SpendingChange?
        /// The mean of twelve months up to this one, in cents; `nil` for other periods, and for the first eleven.
        package let mean12Months: Double?
    }

    package let division: Division
    /// Periods in their order, without gaps for months and quarters. With groups: the group of the largest total first.
    package let rows: [Row]
    package let total: SpendingSum
    /// Expenditures without the day or the fiscal year that the division needs. They are in no row.
    package let undated: SpendingSum

    package init(_ table: ExpenditureTable, _ filter: ExpenditureFilter, by division: Division) {
        let selection = ExpenditureSelection(table, filter)
        self.division = division
        switch division {
        case .month:
            rows = Self.rows(selection.months, aYear: 12) { .month(year: $0 / 12, month: $0 % 12 + 1) }
        case .quarter:
            rows = Self.rows(selection.months.by(3), aYear: 4) { .quarter(year: $0 / 4, quarter: $0 % 4 + 1) }
        case .fiscalYear:
            rows = Self.rows(selection.fiscalYears(groups: 1) { _, _ in 0 }, hasGroups: false)
        case .department:
            rows = Self.rows(
                selection.fiscalYears(groups: table.departments.count) { department, _ in department }, hasGroups: true)
        case .account:
            rows = table.accountCodes.withUnsafeBufferPointer { accounts in
                Self.rows(
                    selection.fiscalYears(groups: table.accounts.count) { _, row in Int(accounts[row]) },
                    hasGroups: true)
            }
        }
        total = selection.total
        let known = rows.reduce(SpendingSum()) { $0 + $1.sum }
        undated = SpendingSum(cents: total.cents - known.cents, count: total.count - known.count)
    }

    /// The rows of months or quarters, those without expenditures included.
    /// - Parameters:
    ///   - sums: Numbers of periods, counted from the year 0, ascending, with their sums.
    ///   - aYear: How many of them a year has.
    private static func rows(
        _ sums: [(number: Int, sum: SpendingSum)], aYear: Int, _ period: (Int) -> Period
    ) -> [Row] {
        guard let first = sums.first?.number, let last = sums.last?.number else { return [] }
        var all = [SpendingSum](repeating: SpendingSum(), count: last - first + 1)
        for (number, sum) in sums { all[number - first] = sum }
        var ofYear: Int64 = 0
        return all.indices.map { index in
            ofYear += all[index].cents
            if index >= aYear { ofYear -= all[index - aYear].cents }
            let hasMean = aYear == 12 && index >= aYear - 1
            return Row(
                period: period(first + index), group: nil, sum: all[index],
                change: index >= aYear ? SpendingChange(from: all[index - aYear].cents, to: all[index].cents) : nil,
                mean12Months: hasMean ? Double(ofYear) / 12 : nil)
        }
    }

    /// The rows of fiscal years, the group of the largest total first.
    private static func rows(_ groups: [[(year: Int, sum: SpendingSum)]], hasGroups: Bool) -> [Row] {
        let totals = groups.map { $0.reduce(0) { $0 + $1.sum.cents } }
        let order = groups.indices.filter { !groups[$0].isEmpty }.sorted {
            totals[$0] == totals[$1] ? $0 < $1 : totals[$0] > totals[$1]
        }
        return order.flatMap { group in
            let years = groups[group]
            return years.indices.map { index in
                let hasYearBefore = index > 0 && years[index - 1].year == years[index].year - 1
                return Row(
                    period: .fiscalYear(years[index].year), group: hasGroups ? group : nil, sum: years[index].sum,
                    change: hasYearBefore
                        ? SpendingChange(from: years[index - 1].sum.cents, to: years[index].sum.cents) : nil,
                    mean12Months: nil)
            }
        }
    }
}

extension [(number: Int, sum: SpendingSum)] {
    /// The sums of periods that are so many times as long.
    fileprivate func by(_ length: Int) -> Self {
        reduce(into: []) { longer, period in
            let number = period.number / length
            if longer.last?.number == number {
                longer[longer.count - 1].sum = longer[longer.count - 1].sum + period.sum
            } else {
                longer.append((number, period.sum))
            }
        }
    }
}

extension ExpenditureSelection {
    /// The sum of all selected rows.
    var total: SpendingSum {
        var total = SpendingSum()
        table.amounts.withUnsafeBufferPointer { amounts in
            visit { total.add(amounts[$0]) }
        }
        return total
    }

    /// The sums of months, counted from the year 0, without those that have no rows.
    var months: [(number: Int, sum: SpendingSum)] {
        guard let range = table.dayRange else { return [] }
        var sums = RangedSums(Int(range.lowerBound)..<Int(range.upperBound) + 1)
        table.amounts.withUnsafeBufferPointer { amounts in
            table.days.withUnsafeBufferPointer { days in
                visit { row in
                    if days[row] != ExpenditureTable.unknown { sums.add(Int(days[row]), amounts[row]) }
                }
            }
        }
        return sums.sums.reduce(into: []) { months, day in
            let (year, month, _) = LocalDay(number: Int32(day.number)).civil
            let number = year * 12 + month - 1
            if months.last?.number == number {
                months[months.count - 1].sum = months[months.count - 1].sum + day.sum
            } else {
                months.append((number, day.sum))
            }
        }
    }

    /// The sums of fiscal years of each group, years ascending, without those that have no rows.
    /// - Parameter group: The group of a row and its department.
    @inline(__always)
    func fiscalYears(
        groups: Int, _ group: (_ department: Int, _ row: Int) -> Int
    ) -> [[(year: Int, sum: SpendingSum)]] {
        guard let range = table.yearRange else { return Array(repeating: [], count: groups) }
        let (first, span) = (Int(range.lowerBound), Int(range.upperBound) - Int(range.lowerBound) + 1)
        var sums = RangedSums(0..<groups * span)
        table.amounts.withUnsafeBufferPointer { amounts in
            table.years.withUnsafeBufferPointer { years in
                for segment in segments {
                    visit(segment.places) { row in
                        guard years[row] != ExpenditureTable.unknown else { return }
                        sums.add(group(segment.department, row) * span + Int(years[row]) - first, amounts[row])
                    }
                }
            }
        }
        var found = [[(year: Int, sum: SpendingSum)]](repeating: [], count: groups)
        for (number, sum) in sums.sums { found[number / span].append((first + number % span, sum)) }
        return found
    }
}
