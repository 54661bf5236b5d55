import Domain

/// A date and a time of day as read from a text, not yet checked against the calendar.
struct ClockReading {
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    /// Seconds east of UTC; nil when the text has none.
    var offset: Int?
    /// The weekday that the text names, 0 for Sunday; nil when it names none.
    var weekday: Int?

    /// Why the date or time does not exist; nil when it does.
    var impossibility: String? { impossibility(lastHour: 24) }

    /// Why the date or time does not exist; nil when it does.
    ///
    /// 24:00 is the midnight at the end of the day (ISO 8601), and second 60 the start of the next minute, as leap
    /// seconds are in POSIX.
    ///
    /// - Parameter lastHour: The last hour; above 24, hours count on into the next day.
    func impossibility(lastHour: Int) -> String? {
        guard (1...12).contains(month) else { return "there is no month \(month)" }
        guard (1...9999).contains(year) else { return "there is no year \(year)" }
        guard (1...days(inMonth: month)).contains(day) else { return "month \(month) of \(year) has no day \(day)" }
        guard (0...59).contains(minute) else { return "there is no minute \(minute)" }
        guard (0...60).contains(second) else { return "there is no second \(second)" }
        if !(0...23).contains(hour) {
            guard hour <= lastHour, hour >= 0 else { return "there is no hour \(hour)" }
            guard lastHour > 24 || (minute, second, microsecond) == (0, 0, 0) else {
                return "of hour 24 there is only 24:00; after_midnight: true counts on into the next day"
            }
        }
        if hour > 22, year == 9999, seconds > Self.lastSecond { return "there is no year 10000" }
        if let weekday, weekday != self.dayOfWeek {
            return "\(year)-\(month)-\(day) is a \(Self.weekdays[self.dayOfWeek]) and no \(Self.weekdays[weekday])"
        }
        return nil
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The last second of the year 9999.
    private static let lastSecond: Int64 = 253_402_300_799

    /// Seconds since 1970 as if the clock showed UTC, without the microseconds.
    var seconds: Int64 {
        ((daysSince1970 * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)
    }

    /// The weekday of the date, 0 for Sunday. 1970-01-01 was a Thursday.
    private var dayOfWeek: Int { Int(((daysSince1970 + 4) % 7 + 7) % 7) }

    private func days(inMonth month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of the day. Howard Hinnant's `days_from_civil` (proleptic Gregorian calendar): years begin in March,
    /// so that the leap day is the last, and are counted in eras of 400.
    private var daysSince1970: Int64 {
        let year = Int64(month <= 2 ? year - 1 : year)
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    init(year: Int = 1970) { self.year = year }

    /// Makes an hour of the half day one of the day: 12 AM is midnight and 12 PM noon. Any hour outside 1...12 becomes
    /// an impossible one.
    mutating func setHalfDay(isAfternoon: Bool) {
        hour = (1...12).contains(hour) ? hour % 12 + (isAfternoon ? 12 : 0) : 99
    }

    /// The reading of a clock in UTC, with offset 0.
    ///
    /// The date is computed with Howard Hinnant's `civil_from_days`, the inverse of the function above.
    init(microsecondsSince1970 microseconds: Int64) {
        let (number, timeOfDay) = microseconds.floorDivided(by: Instant.microsecondsPerDay)
        let days = number + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        self.day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        hour = Int(timeOfDay / 3_600_000_000)
        minute = Int(timeOfDay / 60_000_000 % 60)
        second = Int(timeOfDay / 1_000_000 % 60)
        microsecond = Int(timeOfDay % 1_000_000)
        offset = 0
    }
}
