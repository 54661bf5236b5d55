extension EventDecoder {
    /// Microseconds since 1970 UTC.
    func timestamp(_ row: Row) throws(Rejection) -> Int64 {
        let text = row.text(timeColumn)
        guard !text.isEmpty else { throw missing(timeColumn) }
        let reading = try clockReading(row, text)
        let seconds: Int64
        if let offset = reading.offset, !mapping.time.ignoresOffset {
            seconds = reading.seconds - Int64(offset)
        } else {
            seconds = zone.instant(atReading: reading.seconds)
        }
        guard let hourColumn else { return seconds * 1_000_000 + Int64(reading.microsecond) }
        let local = zone.reading(atInstant: seconds)
        let midnight = local - (local % 86400 + 86400) % 86400
        return zone.instant(atReading: midnight + (try hour(row, hourColumn)) * 3600) * 1_000_000
    }

    private func clockReading(_ row: Row, _ text: Range<Int>) throws(Rejection) -> ClockReading {
        let bytes = row.bytes.span.extracting(text)
        var impossibility: String?
        for pattern in mapping.time.patterns {
            guard let reading = pattern.read(bytes) else { continue }
            guard let problem = reading.impossibility else { return reading }
            impossibility = problem
        }
        let value = "\(name(timeColumn)): \(RawText.quoted(bytes))"
        if let impossibility { throw Rejection(.impossibleDate, "\(value): \(impossibility)") }
        throw Rejection(.badTimestamp, "\(value) is not written as the mapping's patterns say")
    }

    private func hour(_ row: Row, _ column: Int) throws(Rejection) -> Int64 {
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        let bytes = row.bytes.span.extracting(text)
        var index = 0
        guard let hour = TimeScanner.digits(bytes, &index, 1...4), index == text.count else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is no hour")
        }
        guard hour < 24 else { throw Rejection(.impossibleDate, "\(name(column)): there is no hour \(hour)") }
        return Int64(hour)
    }
}
