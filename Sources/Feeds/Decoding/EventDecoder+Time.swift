import Domain

extension EventDecoder {
    func timestamp(_ row: Row) throws(Rejection) -> Instant {
        let reading = try clockReading(row)
        var seconds: Int64
        if let offset = reading.offset, !mapping.time.ignoresOffset {
            seconds = reading.seconds - Int64(offset)
        } else {
            seconds = zone.instant(atReading: reading.seconds)
        }
        var microsecond = reading.microsecond
        if let timeOfDay = try timeOfDay(row) {
            let local = zone.reading(atInstant: seconds)
            let midnight = local - local.floorDivided(by: Instant.secondsPerDay).remainder
            seconds = zone.instant(atReading: midnight + timeOfDay.seconds)
            microsecond = timeOfDay.microsecond
        }
        if let window = believedReadings, !window.contains(zone.reading(atInstant: seconds)) {
            throw Rejection(
                .yearOutOfWindow,
                "\(timeText(row) ?? "the time") is not in the years that the mapping accepts "
                    + "(\(mapping.time.years.map { "\($0.lowerBound) to \($0.upperBound)" } ?? ""))")
        }
        return Instant(microseconds: seconds * Instant.microsecondsPerSecond + Int64(microsecond))
    }

    func localDay(_ timestamp: Instant) -> LocalDay {
        Instant(seconds: zone.reading(atInstant: timestamp.seconds)).day
    }

    /// The columns of the date and their values; nil where the date is a constant.
    func timeText(_ row: Row) -> String? {
        let texts = time.columns.map { "\(name($0)): \(RawText.quoted(row.bytes.span.extracting(row.text($0))))" }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    private func clockReading(_ row: Row) throws(Rejection) -> ClockReading {
        let column: Int
        switch time {
        case .constant(let reading): return reading
        case .parts(let year, let month, let day): return try date(row, year, month, day)
        case .column(let place): column = place
        }
        let bytes = row.bytes.span.extracting(row.text(column))
        guard !isNone(bytes), !isMissingTime(bytes) else { throw missing(column) }
        return try reading(bytes, mapping.time.patterns, column, "does not match any of the mapping's patterns")
    }

    private func isMissingTime(_ text: Span<UInt8>) -> Bool {
        mapping.time.missing.contains { word in
            word.count == text.count && word.indices.allSatisfy { word[$0] == text[$0] }
        }
    }

    /// The reading of a text by the first pattern that it is written in.
    ///
    /// - Parameter problem: The fault of a text that no pattern describes, without its subject.
    private func reading(
        _ text: Span<UInt8>, _ patterns: [TimePattern], _ column: Int, _ problem: String
    ) throws(Rejection) -> ClockReading {
        var impossibility: String?
        for pattern in patterns {
            guard let reading = pattern.read(text) else { continue }
            guard let problem = reading.impossibility(lastHour: mapping.time.lastHour) else { return reading }
            impossibility = problem
        }
        // Cells that are formatted as dates come in ISO 8601, whatever the mapping says of files of text.
        if isSheet, impossibility == nil, let reading = TimePattern.readISO8601(text) {
            guard let problem = reading.impossibility(lastHour: mapping.time.lastHour) else { return reading }
            impossibility = problem
        }
        let value = "\(name(column)): \(RawText.quoted(text))"
        if let impossibility { throw Rejection(.impossibleDate, "\(value): \(impossibility)") }
        if let plain = Glyph.withPlainBlanks(text) { return try reading(plain.span, patterns, column, problem) }
        if patterns.contains(where: \.isNumber), let number = numbers.digits(text) {
            return try reading(number.span, patterns, column, problem)
        }
        throw Rejection(.badTimestamp, "\(value) \(problem)")
    }

    /// The date of which each part has a column.
    private func date(_ row: Row, _ year: Int, _ month: Int?, _ day: Int?) throws(Rejection) -> ClockReading {
        var reading = ClockReading()
        let bytes = row.bytes.span.extracting(row.text(year))
        guard !isNone(bytes) else { throw missing(year) }
        reading.year = try whole(bytes, year)
        if bytes.count == 2 { reading.year += reading.year < 69 ? 2000 : 1900 }
        reading.month = try monthOfYear(row, month)
        reading.day = try part(row, day, first: 1)
        if let problem = reading.impossibility {
            throw Rejection(.impossibleDate, "\(timeText(row) ?? "the date"): \(problem)")
        }
        return reading
    }

    private func monthOfYear(_ row: Row, _ column: Int?) throws(Rejection) -> Int {
        if let column {
            let bytes = row.bytes.span.extracting(row.text(column))
            var index = 0
            if let month = TimeScanner.fullMonthName(bytes, &index), index == bytes.count { return month }
            index = 0
            if let month = TimeScanner.monthName(bytes, &index), index == bytes.count { return month }
        }
        return try part(row, column, first: 1)
    }

    /// A part of a time in a column of its own; the first one where there is no column, or where the mapping takes a
    /// blank for it.
    private func part(_ row: Row, _ column: Int?, first: Int) throws(Rejection) -> Int {
        guard let column else { return first }
        let bytes = row.bytes.span.extracting(row.text(column))
        guard !isNone(bytes) else {
            guard mapping.time.takesBlankAsFirst else { throw missing(column) }
            return first
        }
        return try whole(bytes, column)
    }

    private func whole(_ text: Span<UInt8>, _ column: Int) throws(Rejection) -> Int {
        guard let value = numbers.whole(text), value >= 0 else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(text)) is not a whole number")
        }
        return value
    }

    /// The time of day since local midnight, where the mapping has columns for it.
    private func timeOfDay(_ row: Row) throws(Rejection) -> (seconds: Int64, microsecond: Int)? {
        var clock = ClockReading()
        switch self.clock {
        case .none: return nil
        case .column(let column, let patterns):
            let bytes = row.bytes.span.extracting(row.text(column))
            if !isNone(bytes) {
                clock = try clockReading(bytes, column, patterns)
            } else if !mapping.time.takesBlankAsFirst {
                throw missing(column)
            }
        case .parts(let hour, let minute, let second):
            clock.hour = try part(row, hour, first: 0)
            clock.minute = try part(row, minute, first: 0)
            clock.second = try part(row, second, first: 0)
            if let problem = clock.impossibility(lastHour: mapping.time.lastHour) {
                let hint = clock.hour > 99 ? "; clock_column: reads HHmm" : ""
                throw Rejection(.impossibleDate, "\(name(hour)): \(problem)\(hint)")
            }
        }
        return (clock.seconds, clock.microsecond)
    }

    private func clockReading(
        _ text: Span<UInt8>, _ column: Int, _ patterns: [TimePattern]
    ) throws(Rejection) -> ClockReading {
        guard patterns.isEmpty || isSheet && Self.isClockOfCell(text, patterns) else {
            return try reading(text, patterns, column, "does not match any of the mapping's clock_patterns")
        }
        guard let clock = TimeScanner.clock(text) else {
            if let plain = Glyph.withPlainBlanks(text) { return try clockReading(plain.span, column, patterns) }
            throw Rejection(
                .badTimestamp,
                "\(name(column)): \(RawText.quoted(text)) is not a time of day; clock_patterns: says how it is written")
        }
        if let problem = clock.impossibility(lastHour: mapping.time.lastHour) {
            throw Rejection(.impossibleDate, "\(name(column)): \(RawText.quoted(text)): \(problem)")
        }
        return clock
    }

    /// Whether a text that none of the patterns describes is a time of day as cells have it.
    private static func isClockOfCell(_ text: Span<UInt8>, _ patterns: [TimePattern]) -> Bool {
        for pattern in patterns where pattern.read(text) != nil { return false }
        return TimeScanner.clock(text) != nil
    }
}
