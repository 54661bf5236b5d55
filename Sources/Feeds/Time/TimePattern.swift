/// How a time is written: ISO 8601, a count since 1970, or a pattern of letters as in Unicode's date formats.
struct TimePattern: Sendable {
    struct Refusal: Error {
        let problem: String
    }

    enum Form: Sendable {
        /// ISO 8601, parts of which may be missing.
        case iso8601
        /// A number of units since 1970 UTC, with this many per second.
        case epoch(perSecond: Int64)
        case parts([Part])
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
        case halfDay
        /// A fraction of a second: one digit or more. Digits after the sixth are dropped.
        case fraction
        /// An offset: `Z`, `+hh`, `+hhmm` or `+hh:mm`.
        case offset
        case literal(UInt8)
    }

    let form: Form

    /// - Parameter text: `iso8601`, `epoch_seconds`, `epoch_milliseconds`, or a pattern such as `yyyy-MM-dd HH:mm:ss`.
    init(_ text: String) throws(Refusal) {
        switch text {
        case "iso8601": form = .iso8601
        case "epoch_seconds": form = .epoch(perSecond: 1)
        case "epoch_milliseconds": form = .epoch(perSecond: 1000)
        default: form = .parts(try Self.parts(text))
        }
    }

    private static func parts(_ text: String) throws(Refusal) -> [Part] {
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
        try check(parts)
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
        case ("a", 1): return .halfDay
        case ("S", _): return .fraction
        case ("X", 1...3): return .offset
        default:
            let run = String(repeating: letter, count: count)
            throw Refusal(
                problem:
                    "has \(run); use yyyy yy M MM MMM MMMM d dd H HH h hh m mm s ss S a X, and 'text' in quotes"
            )
        }
    }

    private static func check(_ parts: [Part]) throws(Refusal) {
        var hasYear = false
        var hasTwelve = false
        var hasHalfDay = false
        for part in parts {
            switch part {
            case .year, .yearOfCentury: hasYear = true
            case .hourOfHalfDay: hasTwelve = true
            case .halfDay: hasHalfDay = true
            default: break
            }
        }
        guard hasYear else { throw Refusal(problem: "has no year (yyyy or yy)") }
        guard hasTwelve == hasHalfDay else { throw Refusal(problem: "needs both h and a, or neither") }
    }
}
