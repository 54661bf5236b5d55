import Domain

extension EventDecoder {
    func timestamp(_ row: Row) throws(Rejection) -> Instant {
        let (reading, column) = try clockReading(row)
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
            seconds = zone.instant(atReading: midnight + timeOfDay)
            microsecond = 0
        }
        if let window = believedReadings, !window.contains(zone.reading(atInstant: seconds)) {
            let value = column.map { "\(name($0)): \(RawText.quoted(row.bytes.span.extracting(row.text($0))))" }
            throw Rejection(
                .yearOutOfWindow,
                "\(value ?? "the time") is not in the years that the mapping accepts "
                    + "(\(mapping.time.years.map { "\($0.lowerBound) to \($0.upperBound)" } ?? ""))")
        }
        return Instant(microseconds: seconds * Instant.microsecondsPerSecond + Int64(microsecond))
    }

    private func clockReading(_ row: Row) throws(Rejection) -> (ClockReading, column: Int?) {
        let column: Int
        switch time {
        case .constant(let reading): return (reading, nil)
        case .column(let place): column = place
        }
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        guard !isNone(bytes) else { throw missing(column) }
        var impossibility: String?
        for pattern in mapping.time.patterns {
            guard let reading = pattern.read(bytes) else { continue }
            guard let problem = reading.impossibility else { return (reading, column) }
            impossibility = problem
        }
        let value = "\(name(column)): \(RawText.quoted(bytes))"
        if let impossibility { throw Rejection(.impossibleDate, "\(value): \(impossibility)") }
        throw Rejection(.badTimestamp, "\(value) does not match any of the mapping's patterns")
    }

    /// The time of day in seconds since local midnight, where the mapping has a column for it.
    private func timeOfDay(_ row: Row) throws(Rejection) -> Int64? {
        guard let column = hourColumn ?? clockColumn else { return nil }
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        guard !isNone(bytes) else { throw missing(column) }
        guard hourColumn != nil else {
            guard let seconds = TimeScanner.clock(bytes) else {
                throw Rejection(.badTimestamp, "\(name(column)): \(RawText.quoted(bytes)) is not a time of day")
            }
            guard seconds < Instant.secondsPerDay else {
                throw Rejection(.impossibleDate, "\(name(column)): there is no \(RawText.quoted(bytes)) in a day")
            }
            return Int64(seconds)
        }
        var index = 0
        guard let hour = TimeScanner.digits(bytes, &index, 1...4), index == text.count else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is not an hour")
        }
        guard hour < 24 else { throw Rejection(.impossibleDate, "\(name(column)): there is no hour \(hour)") }
        return Int64(hour) * 3600
    }
}
