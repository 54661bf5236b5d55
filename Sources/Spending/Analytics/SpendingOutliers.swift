import Foundation

/// Expenditures that are far from what their department usually pays on the same account.
///
/// The modified z-score of Iglewicz and Hoaglin ("How to Detect and Handle Outliers", 1993) over the natural logarithms
/// of the positive amounts of a department and account: z = 0.6745 (x - median) / MAD, where MAD is the median of the
/// distances from the median. An amount with |z| above 3.5 is an outlier. Groups of fewer than 20 amounts are not
/// judged, and those whose MAD is 0, because at least half of their amounts are alike: nothing says what is far then.
package struct SpendingOutliers: Sendable {
    package static let threshold = 3.5
    package static let leastCount = 20
    /// The 0.75 quantile of the standard normal distribution, as the authors of the score write it.
    static let scale = 0.6745

    package struct Row: Hashable, Sendable {
        /// The id of the expenditure.
        package let id: Int64
        package let day: Int32?
        package let fiscalYear: Int?
        package let department: Int
        package let account: Int
        package let vendor: Int
        package let cents: Int64
        package let z: Double
        /// The exponential of the median logarithm, in cents.
        package let usual: Double
        /// How many amounts it is compared with, itself among them.
        package let compared: Int
    }

    /// Groups and amounts that were not judged.
    package struct Unjudged: Hashable, Sendable {
        package var groups = 0
        package var expenditures = 0
    }

    /// The outliers, the most extreme first.
    package let rows: [Row]
    package let total: SpendingSum
    /// Groups and amounts that were judged.
    package let groups: Int
    package let judged: Int
    package let fewAmounts: Unjudged
    package let noSpread: Unjudged
    /// Expenditures of 0 or less, which have no logarithm.
    package let notPositive: SpendingSum
    package let digits: FirstDigits

    package init(_ table: ExpenditureTable, _ filter: ExpenditureFilter) {
        let selection = ExpenditureSelection(table, filter)
        var found = Search(selection)
        for segment in selection.segments { found.add(segment) }
        total = selection.total
        rows = found.rows.sorted { one, other in
            one.z.magnitude == other.z.magnitude ? one.id < other.id : one.z.magnitude > other.z.magnitude
        }
        groups = found.groups
        judged = found.judged
        fewAmounts = found.fewAmounts
        noSpread = found.noSpread
        notPositive = found.notPositive
        digits = FirstDigits(counts: found.digits)
    }
}

extension SpendingOutliers {
    private struct Search {
        private let selection: ExpenditureSelection
        private let table: ExpenditureTable
        /// The positive rows of a department, account by account, each account's amounts ascending.
        private var ordered: [Int32] = []
        /// For each account, how many rows of the department it has; then where its next row goes.
        private var places: [Int]
        private(set) var rows: [Row] = []
        private(set) var groups = 0
        private(set) var judged = 0
        private(set) var fewAmounts = Unjudged()
        private(set) var noSpread = Unjudged()
        private(set) var notPositive = SpendingSum()
        private(set) var digits = [Int](repeating: 0, count: 9)

        init(_ selection: ExpenditureSelection) {
            self.selection = selection
            table = selection.table
            places = [Int](repeating: 0, count: table.accounts.count)
        }

        mutating func add(_ segment: ExpenditureSelection.Segment) {
            let selection = selection
            let first = selection.firstPlace(of: segment, from: 1)
            var refunds = SpendingSum()
            selection.visit(segment.places.lowerBound..<first) { refunds.add(selection.table.amounts[$0]) }
            notPositive = notPositive + refunds
            countDigits(segment, from: first)
            for group in divide(first..<segment.places.upperBound) { judge(group, segment.department) }
        }

        /// Orders rows by account, and returns where each account's rows are.
        private mutating func divide(_ range: Range<Int>) -> [Range<Int>] {
            if ordered.count < range.count { ordered = [Int32](repeating: 0, count: range.count) }
            return Self.divide(range, of: selection, into: &ordered, &places)
        }

        private static func divide(
            _ range: Range<Int>, of selection: ExpenditureSelection, into ordered: inout [Int32],
            _ places: inout [Int]
        ) -> [Range<Int>] {
            var accounts: [Int] = []
            var groups: [Range<Int>] = []
            places.withUnsafeMutableBufferPointer { places in
                ordered.withUnsafeMutableBufferPointer { ordered in
                    selection.table.accountCodes.withUnsafeBufferPointer { codes in
                        selection.visit(range) { row in
                            let account = Int(codes[row])
                            if places[account] == 0 { accounts.append(account) }
                            places[account] += 1
                        }
                        var start = 0
                        for account in accounts {
                            let end = start + places[account]
                            groups.append(start..<end)
                            places[account] = start
                            start = end
                        }
                        // Rows come by their amounts and keep this order within their accounts.
                        selection.visit(range) { row in
                            let account = Int(codes[row])
                            ordered[places[account]] = Int32(row)
                            places[account] += 1
                        }
                        for account in accounts { places[account] = 0 }
                    }
                }
            }
            return groups
        }

        private mutating func judge(_ group: Range<Int>, _ department: Int) {
            guard group.count >= SpendingOutliers.leastCount else {
                fewAmounts.groups += 1
                fewAmounts.expenditures += group.count
                return
            }
            let logarithms = Logarithms(amounts: table.amounts, rows: ordered[group])
            let median = logarithms.median
            let deviation = logarithms.deviation(from: median)
            guard deviation > 0 else {
                noSpread.groups += 1
                noSpread.expenditures += group.count
                return
            }
            groups += 1
            judged += group.count
            func z(_ place: Int) -> Double { SpendingOutliers.scale * (logarithms[place] - median) / deviation }
            // Amounts ascend, so outliers are at both ends.
            var place = 0
            while place < group.count, z(place) < -SpendingOutliers.threshold {
                append(group, place, z(place), median, department)
                place += 1
            }
            place = group.count - 1
            while place >= 0, z(place) > SpendingOutliers.threshold {
                append(group, place, z(place), median, department)
                place -= 1
            }
        }

        private mutating func append(
            _ group: Range<Int>, _ place: Int, _ z: Double, _ median: Double, _ department: Int
        ) {
            let row = Int(ordered[group.lowerBound + place])
            rows.append(
                Row(
                    id: table.ids[row], day: table.days[row] == ExpenditureTable.unknown ? nil : table.days[row],
                    fiscalYear: table.years[row] == ExpenditureTable.unknown ? nil : Int(table.years[row]),
                    department: department, account: Int(table.accountCodes[row]), vendor: Int(table.vendorCodes[row]),
                    cents: table.amounts[row], z: z, usual: exp(median), compared: group.count))
        }

        /// Counts the first digits of a department's positive amounts: since they ascend, those between two powers of
        /// ten are found by their ends.
        private mutating func countDigits(_ segment: ExpenditureSelection.Segment, from first: Int) {
            guard first < segment.places.upperBound else { return }
            let greatest = table.amounts[selection.row(segment.places.upperBound - 1)]
            var (power, place) = (Int64(1), first)
            while power <= greatest {
                for digit in 1...9 {
                    let (end, isOver) = power.multipliedReportingOverflow(by: Int64(digit + 1))
                    let next = isOver ? segment.places.upperBound : selection.firstPlace(of: segment, from: end)
                    digits[digit - 1] += next - place
                    place = next
                    if isOver { return }
                }
                let (next, isOver) = power.multipliedReportingOverflow(by: 10)
                if isOver { return }
                power = next
            }
        }
    }
}

/// The natural logarithms of ascending amounts in cents, computed where they are looked at.
struct Logarithms {
    private let amounts: [Int64]
    private let rows: ArraySlice<Int32>

    /// - Parameter rows: The rows of the amounts, which are positive and ascend. There must be some.
    init(amounts: [Int64], rows: ArraySlice<Int32>) {
        self.amounts = amounts
        self.rows = rows
    }

    subscript(place: Int) -> Double { log(Double(amounts[Int(rows[rows.startIndex + place])])) }

    var median: Double {
        let middle = rows.count / 2
        return rows.count % 2 == 1 ? self[middle] : (self[middle - 1] + self[middle]) / 2
    }

    /// The median of the distances from the median.
    func deviation(from median: Double) -> Double {
        let middle = rows.count / 2
        let upper = distance(middle, median)
        return rows.count % 2 == 1 ? upper : (distance(middle - 1, median) + upper) / 2
    }

    /// A distance from the median by its place in the order of distances, counted from 0.
    ///
    /// The distances below the middle ascend downwards and those above it upwards, so the place is where so many of
    /// both together are at most as far: found by halving how many of them are below.
    private func distance(_ place: Int, _ median: Double) -> Double {
        let middle = rows.count / 2
        func below(_ index: Int) -> Double { median - self[middle - 1 - index] }
        func above(_ index: Int) -> Double { self[middle + index] - median }
        let (belows, aboves) = (middle, rows.count - middle)
        let taken = place + 1
        var (low, high) = (max(0, taken - aboves), min(taken, belows))
        while low < high {
            let count = low + (high - low) / 2
            // One more from below must be taken while it is nearer than the last of those taken from above.
            if below(count) < above(taken - count - 1) { low = count + 1 } else { high = count }
        }
        return max(low > 0 ? below(low - 1) : 0, taken > low ? above(taken - low - 1) : 0)
    }
}
