import Domain

/// The rows of a table that a filter selects, department by department, each department's amounts ascending.
struct ExpenditureSelection {
    /// The rows of one department.
    struct Segment {
        let department: Int
        /// The places in ``rows``, or the rows themselves where all of them are selected.
        let places: Range<Int>
    }

    let table: ExpenditureTable
    /// The departments with selected rows.
    let segments: [Segment]
    /// The selected rows; `nil` where segments hold all rows of their departments.
    let rows: [Int32]?

    init(_ table: ExpenditureTable, _ filter: ExpenditureFilter) {
        self.table = table
        let wanted = Set(filter.departments)
        let departments = table.departments.indices.filter { code in
            wanted.isEmpty || table.departments[code].map(wanted.contains) ?? false
        }
        guard !filter.fiscalYears.isEmpty || !filter.vendors.isEmpty || filter.from != nil || filter.to != nil else {
            segments = departments.compactMap { code in
                let rows = table.starts[code]..<table.starts[code + 1]
                return rows.isEmpty ? nil : Segment(department: code, places: rows)
            }
            rows = nil
            return
        }
        let matcher = Matcher(table, filter)
        var rows: [Int32] = []
        var segments: [Segment] = []
        for code in departments {
            let start = rows.count
            matcher.append(table.starts[code]..<table.starts[code + 1], to: &rows)
            if rows.count > start { segments.append(Segment(department: code, places: start..<rows.count)) }
        }
        self.segments = segments
        self.rows = rows
    }

    /// The number of selected rows.
    var count: Int { segments.reduce(0) { $0 + $1.places.count } }

    /// The row at a place of a segment.
    @inline(__always) func row(_ place: Int) -> Int { rows.map { Int($0[place]) } ?? place }

    /// Calls `body` with each row of a segment.
    @inline(__always) func visit(_ places: Range<Int>, _ body: (Int) -> Void) {
        guard let rows else {
            for row in places { body(row) }
            return
        }
        rows.withUnsafeBufferPointer { rows in
            for place in places { body(Int(rows[place])) }
        }
    }

    /// Calls `body` with each row.
    @inline(__always) func visit(_ body: (Int) -> Void) {
        for segment in segments { visit(segment.places, body) }
    }

    /// The first place of a segment whose amount is at least so many cents.
    func firstPlace(of segment: Segment, from amount: Int64) -> Int {
        var (low, high) = (segment.places.lowerBound, segment.places.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if table.amounts[row(middle)] < amount { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ExpenditureSelection {
    /// Compares rows with the conditions on days, fiscal years and vendors.
    private struct Matcher {
        private let table: ExpenditureTable
        /// The first and the last day; none lie between them where the last one is earlier.
        private let days: (from: Int32, to: Int32)?
        private let years: [Int32]
        /// For each vendor, whether it is wanted; empty for all of them.
        private let vendors: [Bool]

        init(_ table: ExpenditureTable, _ filter: ExpenditureFilter) {
            self.table = table
            let isOpen = filter.from == nil && filter.to == nil
            // An unknown day is before the earliest one.
            days = isOpen ? nil : ((filter.from ?? .earliest).number, (filter.to ?? .latest).number)
            years = filter.fiscalYears.map { Int32(clamping: $0) }
            let keys = Set(filter.vendors)
            vendors = keys.isEmpty ? [] : table.vendors.map { $0.key.map(keys.contains) ?? false }
        }

        func append(_ range: Range<Int>, to rows: inout [Int32]) {
            table.years.withUnsafeBufferPointer { years in
                table.days.withUnsafeBufferPointer { days in
                    for row in range {
                        if !self.years.isEmpty, !self.years.contains(years[row]) { continue }
                        if let wanted = self.days, days[row] < wanted.from || days[row] > wanted.to { continue }
                        if !vendors.isEmpty, !vendors[Int(table.vendorCodes[row])] { continue }
                        rows.append(Int32(row))
                    }
                }
            }
        }
    }
}
