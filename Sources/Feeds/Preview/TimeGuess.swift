/// Where the time of an event seems to stand and how it is written, by the names and values of the columns.
struct TimeGuess {
    enum Clock {
        case parts(hour: Int, minute: Int?, second: Int?)
        /// With the pattern, where it is none of the usual ways.
        case column(Int, pattern: String?)

        var columns: [Int] {
            switch self {
            case .parts(let hour, let minute, let second): [hour, minute, second].compactMap { $0 }
            case .column(let column, _): [column]
            }
        }
    }

    var date: DateSource<Int>
    /// The patterns of a date in one column.
    var patterns: [String] = []
    var clock: Clock?
    var skipsRest = false
    /// Whether parts of the time are blank in some rows.
    var hasBlankParts = false
    /// A doubt about it.
    var doubt: String?
    /// Whether only the month is known.
    var isMonth = false

    var columns: [Int] { date.columns + (clock?.columns ?? []) }

    /// Words for times.
    private static let times: Set<String> = [
        "date", "time", "datetime", "timestamp", "ts", "dt", "tm", "when", "day", "month", "epoch", "datum", "zeit",
        "uhrzeit", "zeitpunkt", "tag", "fecha", "hora", "data", "ora", "heure", "jour", "created", "reported", "opened",
        "occurred", "occurrence", "begin", "began", "start", "started", "on",
    ]
    private static let timeParts = ["date", "time", "datum", "zeit", "occur"]
    /// Words for the time at which something happened.
    private static let events: Set<String> = [
        "incident", "event", "occurred", "occurrence", "offense", "offence", "crime", "start", "started", "begin",
        "began", "from", "fr", "hecho", "tattag", "tatzeit", "tatdatum", "unfall", "accident", "call",
    ]
    /// Words for other times, and for lengths of time.
    private static let others: Set<String> = [
        "updated", "update", "modified", "changed", "edited", "closed", "end", "ended", "to", "until", "resolution",
        "resolved", "due", "response", "duration", "elapsed", "delay", "birth", "dob", "arrival", "dispatch", "expires",
        "loaded", "load", "upload", "extract", "published", "last", "geburtsdatum", "bis", "ende", "zone", "timezone",
    ]
    private static let hours: Set<String> = [
        "hour", "hours", "hr", "hrs", "hh", "stunde", "hora", "heure", "ora", "uur",
    ]
    private static let minutes: Set<String> = ["minute", "minutes", "min", "mi", "minuto", "minuten"]
    private static let seconds: Set<String> = ["second", "seconds", "sec", "ss", "sekunde", "segundo", "seconde"]
    private static let years: Set<String> = ["year", "yr", "yyyy", "jahr", "ano", "annee", "anno", "jaar"]
    private static let months: Set<String> = ["month", "mon", "mo", "mm", "monat", "mes", "mois", "mese", "maand"]
    private static let days: Set<String> = ["day", "dd", "tag", "dia", "jour", "giorno", "dag", "dom"]

    /// - Parameter taken: Columns that hold something else.
    /// - Returns: nil when no column looks like a time.
    /// - Throws: `FeedError` when the file cannot be read.
    static func find(in sample: FileSample, not taken: [Int], americas: Bool?) throws(FeedError) -> TimeGuess? {
        let names = sample.header.map(ColumnName.init)
        let usable = sample.header.indices.filter { sample.isUsable($0) && !taken.contains($0) }
        var guess = try inOneColumn(sample, names, usable, americas: americas)
        if guess == nil || guess?.isMonth == true, let parts = inParts(sample, names, usable) { guess = parts }
        guard var guess else { return nil }
        let dateColumns = guess.columns
        guess.addClock(sample, names, usable.filter { !dateColumns.contains($0) })
        return guess
    }

    private static func score(_ name: ColumnName) -> Int {
        var score = 0
        if name.has(times) || name.hasPart(timeParts) { score += 2 }
        if name.has(events) || name.hasPart(["occur", "inciden"]) { score += 2 }
        if name.has(others) { score -= 3 }
        return score
    }

    private static func inOneColumn(
        _ sample: FileSample, _ names: [ColumnName], _ usable: [Int], americas: Bool?
    ) throws(FeedError) -> TimeGuess? {
        var best: (column: Int, guess: TimePatternGuess, rank: (Int, Int, Int))?
        for column in usable {
            let isNamed = names[column].has(times) || names[column].hasPart(timeParts)
            guard let guess = TimePatternGuess(sample.values(column), isNamed: isNamed && score(names[column]) > 0)
            else { continue }
            let first = guess.candidates[0]
            // Digits alone are a date only where the name says so.
            guard isNamed || !(first.pattern.isNumber || first.text.hasPrefix("yyyyMM")) else { continue }
            let rank = (first.isMonth ? 0 : 1, score(names[column]), first.hasClock ? 1 : 0)
            if let found = best, found.rank >= rank { continue }
            best = (column, guess, rank)
        }
        guard let (column, found, _) = best else { return nil }
        let (order, doubt) = try decide(found.candidates, column, sample, americas: americas)
        let chosen = found.candidates[order]
        var guess = TimeGuess(date: .column(column), patterns: [chosen.text], doubt: doubt)
        if order == 0 { guess.patterns += found.others }
        guess.skipsRest = chosen.pattern.skipsRest
        guess.isMonth = chosen.isMonth
        if chosen.text == "excel_1900" {
            guess.doubt =
                "a guess: the numbers look like days that a spreadsheet counts from 1900; some count from 1904"
        }
        guess.wantsClock =
            !chosen.hasClock
            || sample.values(column).allSatisfy { value in
                guard let reading = chosen.reading(value) else { return true }
                return reading.offset == nil && (reading.hour, reading.minute, reading.second) == (0, 0, 0)
            }
        return guess
    }

    /// Whether a time of day may stand in another column.
    private var wantsClock = true

    private init(date: DateSource<Int>, patterns: [String] = [], doubt: String? = nil) {
        (self.date, self.patterns, self.doubt) = (date, patterns, doubt)
    }

    /// Chooses among patterns that differ in the order of day, month and year, by all values of the file.
    ///
    /// - Parameter americas: Whether the points lie in the north of America, where the month is written first.
    /// - Returns: The index of the pattern, and why it is unsure.
    private static func decide(
        _ candidates: [TimePatternGuess.Candidate], _ column: Int, _ sample: FileSample, americas: Bool?
    ) throws(FeedError) -> (Int, String?) {
        guard candidates.count > 1 else { return (0, nil) }
        var fits = [Int](repeating: 0, count: candidates.count)
        try sample.everyValue(of: column) { value in
            for (index, candidate) in candidates.enumerated() where candidate.reading(value) != nil { fits[index] += 1 }
        }
        let most = fits.max() ?? 0
        let left = candidates.indices.filter { fits[$0] == most }
        guard left.count > 1 else {
            let second = candidates.indices.filter { $0 != left[0] }.max { fits[$0] < fits[$1] } ?? left[0]
            var isMixed = false
            try sample.everyValue(of: column) { value in
                if candidates[left[0]].reading(value) == nil, candidates[second].reading(value) != nil {
                    isMixed = true
                }
            }
            guard isMixed else { return (left[0], nil) }
            return (left[0], "a guess: some values fit only \(candidates[second].text), so the order is mixed")
        }
        // With a full stop or a dash the day usually comes first, with a slash the month in the north of America.
        let monthFirst = candidates[left[0]].text.contains("/") && americas != false
        let usual = left.first { index in
            let text = candidates[index].text
            guard let month = text.firstIndex(of: "M"), let day = text.firstIndex(of: "d"), !text.hasPrefix("y") else {
                return false
            }
            return (month < day) == monthFirst
        }
        let chosen = usual ?? left[0]
        let others = left.filter { $0 != chosen }.map { candidates[$0].text }.joined(separator: " and ")
        return (chosen, "a guess: every value fits \(others) as well")
    }

    /// Whether a name has one of the words, also at the end of a longer one: `occurrenceyear`.
    private static func isPart(_ name: ColumnName, _ words: Set<String>) -> Bool {
        guard !name.has(others), !name.hasPart(["week", "birth", "holi"]) else { return false }
        return name.words.contains { word in words.contains { word == $0 || $0.count > 2 && word.hasSuffix($0) } }
    }

    /// The date in columns for year, month and day.
    private static func inParts(_ sample: FileSample, _ names: [ColumnName], _ usable: [Int]) -> TimeGuess? {
        func column(_ words: Set<String>, _ range: ClosedRange<Int>, orMonth: Bool = false) -> Int? {
            usable.filter { column in
                guard isPart(names[column], words) else { return false }
                let values = sample.values(column)
                return sample.mostly(values) { value in
                    if let number = sample.whole(value) { return range.contains(number) }
                    var index = 0
                    let bytes = Array(value.utf8)
                    return orMonth && TimeScanner.monthName(bytes.span, &index) != nil
                }
            }.max { first, second in (score(names[first]), second) < (score(names[second]), first) }
        }
        guard let year = column(years, 1500...2200) else { return nil }
        guard let month = column(months, 1...12, orMonth: true), month != year else { return nil }
        let day = column(days, 1...31).flatMap { [year, month].contains($0) ? nil : $0 }
        var guess = TimeGuess(date: .parts(year: year, month: month, day: day))
        guess.isMonth = day == nil
        guess.hasBlankParts = [month, day].compactMap { $0 }.contains { sample.hasBlanks($0, besides: year) }
        return guess
    }

    /// Adds the time of day, where the date has none and other columns look like one.
    private mutating func addClock(_ sample: FileSample, _ names: [ColumnName], _ usable: [Int]) {
        guard wantsClock, !isMonth, let dateColumn = date.columns.first else { return }
        let dateWords = Set(names[dateColumn].words)
        /// The column that shares most words with the date's: `CMPLNT_FR_TM` belongs to `CMPLNT_FR_DT`.
        func nearest(_ columns: [Int]) -> Int? {
            columns.max { first, second in
                func rank(_ column: Int) -> (Int, Int) {
                    (Self.score(names[column]) + dateWords.intersection(names[column].words).count, -column)
                }
                return rank(first) < rank(second)
            }
        }
        func part(_ words: Set<String>, _ range: ClosedRange<Int>) -> Int? {
            nearest(
                usable.filter { column in
                    Self.isPart(names[column], words)
                        && sample.mostly(sample.values(column)) { sample.whole($0).map(range.contains) ?? false }
                })
        }
        let named = usable.filter { column in
            !names[column].has(Self.others) && !names[column].has(Self.minutes)
                && (names[column].has(["time", "clock", "tm", "hora", "heure", "uhrzeit", "zeit", "ora"])
                    || names[column].hasPart(["time", "zeit", "clock"]))
        }
        let clocks = usable.filter { column in
            let values = sample.values(column)
            let isWritten =
                named.contains(column) || !names[column].has(Self.others) && values.allSatisfy { $0.contains(":") }
            guard isWritten, !Self.isPart(names[column], Self.hours) || values.contains(where: { $0.contains(":") })
            else {
                return false
            }
            return sample.mostly(values) { TimePatternGuess.clockReading($0) != nil }
                || TimePatternGuess.clockPattern(values) != nil
        }
        if let column = nearest(clocks) {
            let values = sample.values(column)
            let isUsual = sample.mostly(values) { TimePatternGuess.clockReading($0) != nil }
            clock = .column(column, pattern: isUsual ? nil : TimePatternGuess.clockPattern(values))
        } else if let hour = part(Self.hours, 0...24) {
            let minute = part(Self.minutes, 0...59).flatMap { $0 == hour ? nil : $0 }
            let second = minute == nil ? nil : part(Self.seconds, 0...60)
            clock = .parts(hour: hour, minute: minute, second: second)
        }
        for column in clock?.columns ?? [] where sample.hasBlanks(column, besides: dateColumn) { hasBlankParts = true }
    }
}
