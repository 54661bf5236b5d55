package import Domain
import Foundation

/// Five fields: minute, hour, day of month, month, day of week (0 or 7 is Sunday), in the time of a zone.
///
/// As in cron(8), when both day fields are restricted (neither begins with `*`), a day that matches either field
/// counts. When clocks are changed, an expression whose hour is `*` follows real time: skipped times do not come,
/// repeated times run twice. Any other expression comes exactly once: the first of two, and a skipped time as much
/// later as the clocks moved.
package struct CronExpression: Hashable, Sendable {
    private let minutes: CronField
    private let hours: CronField
    private let days: CronField
    private let months: CronField
    private let weekdays: CronField
    private let zone: TimeZone

    /// How many days to search ahead. Some days come only every eight years: 29 February around 2100.
    private static let furthest = 366 * 9

    /// - Parameter timeZone: An IANA name.
    /// - Throws: `CronError` when a field is wrong, the time zone is unknown, or no day ever matches.
    package init(_ text: String, timeZone: String) throws(CronError) {
        guard TimeZoneName.isPortable(timeZone), let zone = TimeZone(identifier: TimeZoneName.resolved(timeZone))
        else {
            throw CronError("\"\(timeZone)\" is not a known IANA time zone: it \(TimeZoneName.rule)")
        }
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else {
            throw CronError(
                "\"\(text)\" must have five fields: minute, hour, day of month, month, day of week")
        }
        self.zone = zone
        minutes = try CronField(fields[0], .minute)
        hours = try CronField(fields[1], .hour)
        days = try CronField(fields[2], .dayOfMonth)
        months = try CronField(fields[3], .month)
        weekdays = try CronField(fields[4], .dayOfWeek)
        // Starts at 2001-01-01; the next nine years contain every possible date.
        guard next(after: Int64(978_307_200)) != nil else { throw CronError("\"\(text)\" never falls due") }
    }

    /// The first time after `instant`; `nil` when there is none in nine years.
    package func next(after instant: Instant) -> Instant? {
        next(after: instant.seconds).map(Instant.init(seconds:))
    }

    /// The same in seconds since 1970 UTC.
    private func next(after instant: Int64) -> Int64? {
        // Starts a day early: when clocks are changed at midnight, times of yesterday may still be ahead.
        let first = Int32((instant + offset(at: instant)).floorDivided(by: Instant.secondsPerDay).quotient) - 1
        for number in first...(first + Int32(Self.furthest)) {
            let day = LocalDay(number: number)
            guard matches(day), let next = times(of: day, after: instant).min() else { continue }
            return next
        }
        return nil
    }

    private func matches(_ day: LocalDay) -> Bool {
        let (_, month, dayOfMonth) = day.civil
        guard months.values.contains(month) else { return false }
        // 1970-01-01 was a Thursday.
        let weekday = (Int(day.number) % 7 + 11) % 7
        let isDay = days.values.contains(dayOfMonth)
        let isWeekday = weekdays.values.contains(weekday)
        return days.beginsWithStar || weekdays.beginsWithStar ? isDay && isWeekday : isDay || isWeekday
    }

    private func times(of day: LocalDay, after instant: Int64) -> [Int64] {
        let midnight = Instant(midnight: day).seconds
        return hours.values.flatMap { hour in
            minutes.values.flatMap { minute -> [Int64] in
                let local = midnight + Int64(hour * 3600 + minute * 60)
                // No time zone differs from UTC by more than a day.
                guard local > instant - 2 * Instant.secondsPerDay else { return [] }
                return instants(local).filter { $0 > instant }
            }
        }
    }

    /// The instants at which the clocks of the zone show `local`, in seconds since 1970 as if they showed UTC.
    private func instants(_ local: Int64) -> [Int64] {
        let before = offset(at: local - Instant.secondsPerDay - offset(at: local))
        let after = offset(at: local + Instant.secondsPerDay - offset(at: local))
        let found = Set([local - before, local - after]).filter { $0 + offset(at: $0) == local }.sorted()
        if hours.isEvery { return found }
        // Uses the offset from before the change, so a skipped time comes out later by the skipped part.
        return [found.first ?? local - before]
    }

    private func offset(at instant: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
    }
}
