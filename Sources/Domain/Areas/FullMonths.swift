/// Whole calendar months up to the last day of which something is known.
package struct FullMonths: Hashable, Sendable {
    /// The first day of the last full month.
    package let last: LocalDay

    /// - Parameter day: The last day with events. Its month is full only if it is the last day of the month.
    package init(upTo day: LocalDay) {
        let first = day.firstOfMonth
        last = day.advanced(by: 1).firstOfMonth == first ? first.months(before: 1) : first
    }

    /// The days of so many months, `skipped` months before the last one.
    package func days(of months: Int, skipping skipped: Int = 0) -> ClosedRange<LocalDay> {
        let end = last.months(before: skipped - 1).advanced(by: -1)
        return last.months(before: skipped + months - 1)...end
    }
}

extension LocalDay {
    /// The first day of the month.
    package var firstOfMonth: LocalDay { advanced(by: 1 - civil.day) }

    /// The first day of the month that is so many months before; a negative number counts ahead.
    package func months(before count: Int) -> LocalDay {
        var day = firstOfMonth
        for _ in 0..<abs(count) {
            // From the first of a month, 31 days ahead is in the next month, and a day back in the one before.
            day = count > 0 ? day.advanced(by: -1).firstOfMonth : day.advanced(by: 31).firstOfMonth
        }
        return day
    }
}
