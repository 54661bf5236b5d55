import Domain

/// How many events a weekday and a season have beside an ordinary day of the same area, from the totals of past days.
///
/// Each factor is a Gamma-Poisson mean, (events + strength) / (expected + strength), so with few events it stays near
/// 1.
struct CalendarProfile: Sendable {
    /// The pretended events by which a factor is held to 1.
    private static let weekdayStrength = 200.0
    private static let seasonStrength = 1000.0
    /// The year in bins of five days; a leap year's last day is in the last one.
    private static let bins = 73
    /// A season's factor is smoothed over this many bins on each side, with triangular weights.
    private static let reach = 4

    private var weekdayEvents = [Double](repeating: 0, count: 7)
    private var weekdayExpected = [Double](repeating: 0, count: 7)
    private var seasonEvents = [Double](repeating: 0, count: bins)
    private var seasonExpected = [Double](repeating: 0, count: bins)
    private(set) var weekdays = [Double](repeating: 1, count: 7)
    private(set) var seasons = [Double](repeating: 1, count: bins)
    /// The totals of the last 365 days, as a ring.
    private var year: [Double] = []
    private var days = 0

    static func weekday(of day: LocalDay) -> Int { Int((Int(day.number) % 7 + 7) % 7) }

    static func bin(of day: LocalDay) -> Int {
        guard let first = LocalDay(year: day.civil.year, month: 1, day: 1) else { return 0 }
        return min(first.distance(to: day) / 5, bins - 1)
    }

    /// The factor of a day: that of its weekday times that of its season.
    func factor(on day: LocalDay) -> Double { weekdays[Self.weekday(of: day)] * seasons[Self.bin(of: day)] }

    /// Learns from a day.
    ///
    /// Weekdays are measured by the level before the day, from the fifth week on; seasons by the mean of the last 365
    /// days, from the second year on.
    mutating func add(_ total: Double, on day: LocalDay, level: Double) {
        let weekday = Self.weekday(of: day)
        let bin = Self.bin(of: day)
        let (weekdayFactor, seasonFactor) = (weekdays[weekday], seasons[bin])
        if days >= 28 {
            weekdayEvents[weekday] += total
            weekdayExpected[weekday] += level * seasonFactor
            weekdays = Self.factors(weekdayEvents, weekdayExpected, Self.weekdayStrength)
        }
        if year.count < 365 { year.append(total) } else { year[days % 365] = total }
        days += 1
        if days > 365 {
            seasonEvents[bin] += total
            seasonExpected[bin] += year.reduce(0, +) / 365 * weekdayFactor
            seasons = Self.factors(
                Self.smoothed(seasonEvents), Self.smoothed(seasonExpected), Self.seasonStrength)
        }
    }

    /// Factors with a mean of 1.
    private static func factors(_ events: [Double], _ expected: [Double], _ strength: Double) -> [Double] {
        let raw = zip(events, expected).map { ($0 + strength) / ($1 + strength) }
        let mean = raw.reduce(0, +) / Double(raw.count)
        return raw.map { $0 / mean }
    }

    private static func smoothed(_ values: [Double]) -> [Double] {
        values.indices.map { bin in
            (-reach...reach).reduce(0) { sum, offset in
                let weight = 1 - Double(abs(offset)) / Double(reach + 1)
                return sum + weight * values[(bin + offset + values.count) % values.count]
            }
        }
    }
}
