/// Finds the patterns in which times are written.
///
/// A pattern is put together from a weekday, a date, a time of day and an offset, as far as the text goes on with them.
/// Each may be written in the usual ways; days, months and hours are first looked for with one digit or two.
struct TimePatternGuess {
    struct Candidate {
        let text: String
        let pattern: TimePattern
        let hasClock: Bool
        /// Whether the day of the month is missing.
        var isMonth: Bool { !text.contains("d") && !pattern.isNumber && text != "iso8601" }

        init?(_ text: String, hasClock: Bool, skipsRest: Bool = false) {
            guard let pattern = try? TimePattern(text, skipsRest: skipsRest) else { return nil }
            (self.text, self.pattern, self.hasClock) = (text, pattern, hasClock)
        }

        func reading(_ value: String) -> ClockReading? {
            var bytes = Array(value.utf8)
            if pattern.isNumber, let digits = NumberReader(decimal: nil, thousands: nil).digits(bytes.span) {
                bytes = digits
            }
            guard let reading = pattern.read(bytes.span), reading.impossibility == nil else { return nil }
            // A number is a date only if its year is one of these days.
            let isDigits = pattern.isNumber || text.hasPrefix("yyyyMM")
            return (isDigits ? 1900...2100 : 1500...2100).contains(reading.year) ? reading : nil
        }
    }

    /// The patterns that fit best. All but the first read at least one value of the sample in another way, and none of
    /// the sample's values shows which one is right.
    var candidates: [Candidate]
    /// Further patterns for values that the first one does not read, such as `MMMM` where May alone was seen.
    var others: [String] = []

    private struct Piece {
        let text: String
        let pattern: TimePattern

        init(_ text: String) {
            self.text = text
            guard let pattern = try? TimePattern(text, .piece) else { preconditionFailure("\(text) is no pattern") }
            self.pattern = pattern
        }
    }

    private static let weekdays = ["EEEE, ", "EEEE ", "EEE, ", "EEE "].map(Piece.init)
    private static let dates: [Piece] = {
        var texts = ["yyyyMMdd"]
        for sign in ["/", "-", "."] {
            texts += ["yyyy-M-d", "M-d-yyyy", "d-M-yyyy", "M-d-yy", "d-M-yy", "yy-M-d"].map {
                $0.replacing("-", with: sign)
            }
        }
        texts += ["d. M. yyyy"]
        for month in ["MMM", "MMMM"] {
            texts += [
                "d-@-yyyy", "d @ yyyy", "d. @ yyyy", "d/@/yyyy", "@ d, yyyy", "@ d yyyy", "@. d, yyyy", "d @, yyyy",
            ]
            .map { $0.replacing("@", with: month) }
            texts += ["d-@-yy", "d @ yy", "yyyy-@-d", "yyyy @ d"].map { $0.replacing("@", with: month) }
        }
        return (texts + ["ddMMMyyyy", "ddMMMyy"]).map(Piece.init)
    }()
    private static let months = [
        "yyyy-MM", "yyyy/MM", "MM/yyyy", "MM-yyyy", "yyyyMM", "MMM-yy", "MMM-yyyy", "MMM yyyy", "MMM yy", "MMMM yyyy",
        "MMMM-yyyy",
    ]
    private static let whole = [
        "yyyyMMddHHmmss", "yyyyMMddHHmm", "EEE MMM d H:mm:ss yyyy", "EEE MMM d H:mm:ss z yyyy",
    ]
    private static let joints = [" ", "'T'", ", ", " - ", "-", ":", "_", " 'at' ", "  "].map(Piece.init)
    private static let clocks = [
        "H:mm:ss.S", "H:mm:ss,S", "H:mm:ss", "H:mm", "h:mm:ss.S a", "h:mm:ss a", "h:mm a", "h:mm:ssa", "h:mma", "h a",
        "HHmmss", "HHmm", "H.mm.ss", "H.mm", "H'h'mm",
    ].map(Piece.init)
    private static let ends = ["X", " X", " z", " 'Uhr'", " 'h'"].map(Piece.init)

    /// The guess for the values of a column; nil when nine of ten values fit no pattern.
    ///
    /// - Parameter isNamed: Whether the column is named like a time, so that plain numbers may count from 1970 or be
    ///   days of a spreadsheet.
    init?(_ values: [String], isNamed: Bool) {
        guard !values.isEmpty else { return nil }
        var found: [Candidate] = []
        for seed in Set([values[0], values[values.count / 2], values[values.count - 1]]).sorted() {
            for candidate in Self.candidates(seed, isNamed: isNamed)
            where !found.contains(where: {
                $0.text == candidate.text && $0.pattern.skipsRest == candidate.pattern.skipsRest
            }) {
                found.append(candidate)
            }
        }
        let fits = found.map { candidate in values.count { candidate.reading($0) != nil } }
        guard let most = fits.max(), most > 0, most * 10 >= values.count * 9 else { return nil }
        let best = zip(found, fits).filter { $0.1 == most }.map(\.0)
        candidates = [best[0]]
        for candidate in best.dropFirst() where candidate.pattern.skipsRest == best[0].pattern.skipsRest {
            let isOther = values.contains { value in
                guard let one = best[0].reading(value), let other = candidate.reading(value) else { return false }
                return one.seconds != other.seconds
            }
            if isOther {
                candidates.append(candidate)
            } else if candidate.text.replacing("MMMM", with: "MMM") == best[0].text {
                others.append(candidate.text)
            }
        }
        candidates = candidates.map { $0.strengthened(values) }
    }

    private static func candidates(_ seed: String, isNamed: Bool) -> [Candidate] {
        let bytes = Array(seed.utf8)
        let text = bytes.span
        var found: [Candidate] = []
        var partial: (text: String, end: Int, hasClock: Bool)?
        func add(_ text: String, hasClock: Bool) {
            guard let candidate = Candidate(text, hasClock: hasClock), candidate.reading(seed) != nil else { return }
            found.append(candidate)
        }
        func reach(_ pattern: String, _ end: Int, hasClock: Bool) {
            if end == bytes.count { return add(pattern, hasClock: hasClock) }
            if end > partial?.end ?? 0, TimeScanner.isRest(bytes.span, end) { partial = (pattern, end, hasClock) }
        }
        add("iso8601", hasClock: seed.contains(":"))
        for pattern in whole { add(pattern, hasClock: true) }
        for pattern in months { add(pattern, hasClock: false) }
        for weekday in [nil] + weekdays.map(Optional.some) {
            var start = 0
            if let weekday, weekday.pattern.readBeginning(text, &start) == nil { continue }
            for date in dates {
                var dateEnd = start
                guard date.pattern.readBeginning(text, &dateEnd) != nil else { continue }
                let dateText = (weekday?.text ?? "") + date.text
                reach(dateText, dateEnd, hasClock: false)
                for joint in joints {
                    var jointEnd = dateEnd
                    guard joint.pattern.readBeginning(text, &jointEnd) != nil else { continue }
                    for clock in clocks {
                        var clockEnd = jointEnd
                        guard clock.pattern.readBeginning(text, &clockEnd) != nil else { continue }
                        let clockText = dateText + joint.text + clock.text
                        reach(clockText, clockEnd, hasClock: true)
                        for end in ends {
                            var last = clockEnd
                            guard end.pattern.readBeginning(text, &last) != nil else { continue }
                            reach(clockText + end.text, last, hasClock: true)
                        }
                    }
                }
            }
        }
        if found.isEmpty, isNamed, let text = number(seed) { add(text, hasClock: !text.hasPrefix("excel")) }
        if found.isEmpty, isNamed, let partial,
            let candidate = Candidate(partial.text, hasClock: partial.hasClock, skipsRest: true)
        {
            found.append(candidate)
        }
        return found
    }

    /// The name of the count that a plain number is in, by its size: the years 1973 to 2100 since 1970, and 1954 to
    /// 2064 in a spreadsheet. Smaller numbers count something else.
    private static func number(_ text: String) -> String? {
        guard let value = DecimalNumber.read(Array(text.utf8).span) else { return nil }
        switch value {
        case 20_000..<60_000: return "excel_1900"
        case 1e8..<4.2e9: return value == value.rounded() || text.contains(".") ? "epoch_seconds" : nil
        case 1e11..<4.2e12: return "epoch_milliseconds"
        case 1e14..<4.2e15: return "epoch_microseconds"
        case 1e17..<4.2e18: return "epoch_nanoseconds"
        default: return nil
        }
    }

    /// The reading of a time of day.
    static func clockReading(_ value: String) -> ClockReading? {
        guard let reading = TimeScanner.clock(Array(value.utf8).span), reading.impossibility == nil else { return nil }
        return reading
    }

    /// The pattern in which times of day are written that are in none of the usual ways; nil when there is none.
    static func clockPattern(_ values: [String]) -> String? {
        let ends = ["", " 'Uhr'", "'Uhr'", " 'h'", "'h'", "'Z'", " 'hrs'", "'hrs'", " 'hours'"]
        let texts = clocks.flatMap { clock in ends.map { clock.text + $0 } } + ["H 'Uhr'", "H'h'"]
        return texts.first { text in
            guard let pattern = try? TimePattern(text, .clock) else { return false }
            let fitting = values.count { value in
                guard let reading = pattern.read(Array(value.utf8).span) else { return false }
                return reading.impossibility == nil
            }
            return fitting > 0 && fitting * 10 >= values.count * 9
        }
    }
}

extension TimePatternGuess.Candidate {
    /// The pattern with two digits where all values have them and one of them would have one digit otherwise.
    fileprivate func strengthened(_ values: [String]) -> Self {
        let readings = values.compactMap { reading($0) }
        var candidate = self
        for letter in ["d", "M", "H", "h"] as [Character] {
            let isSmall = readings.contains { reading in
                switch letter {
                case "d": reading.day < 10
                case "M": reading.month < 10
                case "H": reading.hour < 10
                default: (1...9).contains(reading.hour % 12)
                }
            }
            guard isSmall, let text = candidate.doubling(letter),
                let stronger = Self(text, hasClock: hasClock, skipsRest: pattern.skipsRest),
                values.count(where: { stronger.reading($0) != nil }) == readings.count
            else { continue }
            candidate = stronger
        }
        return candidate
    }

    /// The text with a letter twice that occurs once outside of quotes; nil when it does not.
    private func doubling(_ letter: Character) -> String? {
        var isQuoted = false
        var places: [String.Index] = []
        for index in text.indices {
            if text[index] == "'" { isQuoted.toggle() }
            if !isQuoted, text[index] == letter { places.append(index) }
        }
        guard places.count == 1, let place = places.first else { return nil }
        var text = text
        text.insert(letter, at: place)
        return text
    }
}
