/// A calendar day in a dataset's time zone, counted from 1970-01-01 in the proleptic Gregorian calendar.
package struct LocalDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; negative before it.
    package let number: Int32

    /// The first and last day, of the years 1 and 9999.
    package static let earliest = Self(number: Self.number(year: 1, month: 1, day: 1))
    package static let latest = Self(number: Self.number(year: 9999, month: 12, day: 31))

    @inlinable package init(number: Int32) {
        self.number = number
    }

    /// Parses `YYYY-MM-DD`, years 0001 to 9999; `nil` for anything else, including impossible dates.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func digits(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Creates a day; `nil` when the date does not exist or the year is not 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let candidate = Self(number: Self.number(year: year, month: month, day: day))
        guard candidate.civil == (year, month, day) else { return nil }
        self = candidate
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package func advanced(by days: Int) -> Self { Self(number: number + Int32(days)) }

    /// Whole days from this day to `other`; negative when `other` is earlier.
    package func distance(to other: Self) -> Int { Int(other.number) - Int(number) }
}

extension ClosedRange<LocalDay> {
    /// All days that there are.
    package static var always: Self { LocalDay.earliest...LocalDay.latest }
}

extension LocalDay: CustomStringConvertible {
    /// The text `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = civil
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

extension LocalDay {
    /// The day number of a date. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
    private static func number(year: Int, month: Int, day: Int) -> Int32 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// The date of the day: the inverse, civil_from_days, of the same source.
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
