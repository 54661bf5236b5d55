/// How a time is written: ISO 8601, a count, or a pattern of letters as in Unicode's date formats.
struct TimePattern: Sendable {
    struct Refusal: Error {
        let problem: String
    }

    enum Form: Sendable {
        /// ISO 8601, parts of which may be missing.
        case iso8601
        /// A number of units since 1970 UTC, with this many per second.
        case epoch(perSecond: Int64)
        /// A number of days as a spreadsheet keeps it, local time.
        case serial(SerialDay)
        /// A share of the day, as a spreadsheet keeps a time of day.
        case dayFraction
        case parts([Part])

        fileprivate var hasZoneName: Bool {
            guard case .parts(let parts) = self else { return false }
            return parts.contains { if case .zoneName = $0 { true } else { false } }
        }
    }

    enum Part: Sendable {
        /// A year of four digits.
        case year
        /// A year of two digits: 69 to 99 are 1969 to 1999, and 00 to 68 are 2000 to 2068, as in POSIX `strptime`.
        case yearOfCentury
        case month(ClosedRange<Int>)
        case day(ClosedRange<Int>)
        case hour(ClosedRange<Int>)
        case hourOfHalfDay(ClosedRange<Int>)
        case minute(ClosedRange<Int>)
        case second(ClosedRange<Int>)
        /// A month, `Jan` to `Dec`, in any case.
        case monthName
        /// A month, `January` to `December`, in any case.
        case fullMonthName
        /// A weekday, `Sun` to `Sat`, in any case.
        case weekdayName
        /// A weekday, `Sunday` to `Saturday`, in any case.
        case fullWeekdayName
        case halfDay
        /// A fraction of a second: one digit or more. Digits after the sixth are dropped.
        case fraction
        /// An offset: `Z`, `+hh`, `+hhmm` or `+hh:mm`.
        case offset
        /// The name of an offset, such as `EST`, or an offset.
        case zoneName
        case literal(UInt8)
    }

    /// The content of a text.
    enum Content: Sendable {
        /// A date, with or without a time of day.
        case date
        /// A time of day alone.
        case clock
        /// Any part of a time, which other parts follow.
        case piece
    }

    let form: Form
    /// Whether text after the time is passed over.
    let skipsRest: Bool
    /// The meaning of the names that `z` reads; nil for a pattern without it.
    let zoneNames: ZoneNames?

    /// - Parameters:
    ///   - text: `iso8601`, the name of a count such as `epoch_seconds`, or a pattern such as `yyyy-MM-dd HH:mm:ss`.
    ///   - zoneNames: What the names that `z` reads mean.
    ///   - skipsRest: Whether text after the time is passed over.
    init(
        _ text: String, _ content: Content = .date, zoneNames: ZoneNames = .common, skipsRest: Bool = false
    ) throws(Refusal) {
        self.skipsRest = skipsRest
        let form: Form
        switch (content, text) {
        case (.date, "iso8601"): form = .iso8601
        case (.date, "epoch_seconds"): form = .epoch(perSecond: 1)
        case (.date, "epoch_milliseconds"): form = .epoch(perSecond: 1000)
        case (.date, "epoch_microseconds"): form = .epoch(perSecond: 1_000_000)
        case (.date, "epoch_nanoseconds"): form = .epoch(perSecond: 1_000_000_000)
        case (.date, "excel_1900"): form = .serial(.from1900)
        case (.date, "excel_1904"): form = .serial(.from1904)
        case (.date, "excel"):
            throw Refusal(problem: "use excel_1900, or excel_1904 for workbooks that count from 1904")
        case (.clock, "day_fraction"): form = .dayFraction
        default: form = .parts(try Self.parts(text, content))
        }
        self.form = form
        self.zoneNames = form.hasZoneName ? zoneNames : nil
    }

    /// Whether the time is a number, so that it may be written as numbers are.
    var isNumber: Bool {
        switch form {
        case .epoch, .serial, .dayFraction: true
        case .iso8601, .parts: false
        }
    }

    private static func parts(_ text: String, _ content: Content) throws(Refusal) -> [Part] {
        var parts: [Part] = []
        var rest = Array(text)[...]
        while let letter = rest.first {
            if letter == "'" {
                let quoted = rest.dropFirst().prefix { $0 != "'" }
                guard quoted.endIndex < rest.endIndex else { throw Refusal(problem: "has a quote that is not closed") }
                parts += String(quoted).utf8.map { .literal($0) }
                rest = rest[(quoted.endIndex + 1)...]
                continue
            }
            let run = rest.prefix { $0 == letter }
            rest = rest[run.endIndex...]
            if letter.isASCII, letter.isLetter {
                parts.append(try part(letter, run.count))
            } else {
                parts += String(run).utf8.map { .literal($0) }
            }
        }
        switch content {
        case .date: try check(parts)
        case .clock: try checkClock(parts)
        case .piece: break
        }
        return parts
    }

    private static func part(_ letter: Character, _ count: Int) throws(Refusal) -> Part {
        let digits = count == 1 ? 1...2 : 2...2
        switch (letter, count) {
        case ("y", 4): return .year
        case ("y", 2): return .yearOfCentury
        case ("M", 1...2): return .month(digits)
        case ("M", 3): return .monthName
        case ("M", 4): return .fullMonthName
        case ("d", 1...2): return .day(digits)
        case ("H", 1...2): return .hour(digits)
        case ("h", 1...2): return .hourOfHalfDay(digits)
        case ("m", 1...2): return .minute(digits)
        case ("s", 1...2): return .second(digits)
        case ("E", 1...3): return .weekdayName
        case ("E", 4): return .fullWeekdayName
        case ("z", 1...3): return .zoneName
        case ("a", 1): return .halfDay
        case ("S", _): return .fraction
        case ("X", 1...3): return .offset
        default:
            let run = String(repeating: letter, count: count)
            throw Refusal(
                problem:
                    "has \(run); use yyyy yy M MM MMM MMMM d dd E EEEE H HH h hh m mm s ss S a X z, and 'text'"
            )
        }
    }

    private static func check(_ parts: [Part]) throws(Refusal) {
        let hasYear = parts.contains { part in
            switch part {
            case .year, .yearOfCentury: true
            default: false
            }
        }
        guard hasYear else { throw Refusal(problem: "has no year (yyyy or yy)") }
        let (hasTwelve, hasHalfDay) = halfDay(parts)
        guard hasTwelve == hasHalfDay else { throw Refusal(problem: "needs both h and a, or neither") }
    }

    private static func checkClock(_ parts: [Part]) throws(Refusal) {
        var hasHour = false
        for part in parts {
            switch part {
            case .hour, .hourOfHalfDay: hasHour = true
            case .minute, .second, .fraction, .halfDay, .literal: break
            default:
                throw Refusal(problem: "is not a time of day alone; use H HH h hh m mm s ss S a, and 'text' in quotes")
            }
        }
        guard hasHour else { throw Refusal(problem: "has no hour (H, HH, or h with a)") }
        let (hasTwelve, hasHalfDay) = halfDay(parts)
        guard hasTwelve == hasHalfDay else { throw Refusal(problem: "needs both h and a, or neither") }
    }

    /// Whether there is an hour of the half day, and AM or PM.
    private static func halfDay(_ parts: [Part]) -> (hour: Bool, mark: Bool) {
        var found = (hour: false, mark: false)
        for part in parts {
            switch part {
            case .hourOfHalfDay: found.hour = true
            case .halfDay: found.mark = true
            default: break
            }
        }
        return found
    }
}

/// From when a spreadsheet counts days.
enum SerialDay: Sendable {
    /// 1 is 1900-01-01, and 60 the 29th of February that 1900 did not have (ECMA-376 part 1, 18.17.4.1).
    case from1900
    /// 0 is 1904-01-01.
    case from1904

    /// The reading of the clock at a count of days with a fraction; nil when the spreadsheet has no such day.
    func reading(_ count: Double) -> ClockReading? {
        guard count >= 0, count < 2_958_466 else { return nil }
        let day = count.rounded(.down)
        // Spreadsheets round to milliseconds: 11:54 is kept as 0.495833333333333.
        let milliseconds = Int64(((count - day) * 86_400_000).rounded())
        let first: Int64
        switch self {
        case .from1904: first = -24_107
        case .from1900 where day >= 61: first = -25_569
        case .from1900 where day == 60:
            var reading = ClockReading(year: 1900)
            (reading.month, reading.day) = (2, 29)
            return reading
        case .from1900:
            guard day >= 1 else { return nil }
            first = -25_568
        }
        var reading = ClockReading(microsecondsSince1970: ((first + Int64(day)) * 86_400_000 + milliseconds) * 1000)
        reading.offset = nil
        return reading
    }
}
