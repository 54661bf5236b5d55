package import Domain

extension ScoredRows {
    /// The rows of one day, as indices of the columns, in ascending order of their cells.
    package struct Day: Sendable {
        package let day: LocalDay
        package let rows: ArraySlice<Int>
    }

    /// The rows by day, in ascending order.
    ///
    /// O(n + d log d) in the number of rows and of days.
    package func byDay() -> [Day] {
        var sizes: [LocalDay: Int] = [:]
        for day in days { sizes[day, default: 0] += 1 }
        let order = sizes.keys.sorted()
        var places: [LocalDay: Int] = [:]
        var place = 0
        for day in order {
            places[day] = place
            place += sizes[day, default: 0]
        }
        // Rows are ordered by cell, and so are those of each day.
        var rows = [Int](repeating: 0, count: count)
        for (row, day) in days.enumerated() {
            rows[places[day, default: 0]] = row
            places[day, default: 0] += 1
        }
        return order.map { day in
            let end = places[day, default: 0]
            return Day(day: day, rows: rows[(end - sizes[day, default: 0])..<end])
        }
    }
}
