extension TimePattern {
    /// Parses a whole text; nil when it is not written in this pattern.
    func read(_ text: Span<UInt8>) -> ClockReading? {
        switch form {
        case .iso8601: Self.readISO8601(text, skipsRest: skipsRest)
        case .epoch(let perSecond): Self.readEpoch(text, perSecond: perSecond)
        case .serial(let days): DecimalNumber.read(text).flatMap(days.reading)
        case .dayFraction: Self.readDayFraction(text)
        case .parts(let parts): read(text, parts)
        }
    }

    private func read(_ text: Span<UInt8>, _ parts: [Part]) -> ClockReading? {
        var index = 0
        guard let reading = scan(text, &index, parts),
            index == text.count || skipsRest && TimeScanner.isRest(text, index)
        else { return nil }
        return reading
    }

    /// Parses the beginning of a text and moves `index` behind it; nil when it is not written in this pattern of
    /// letters.
    func readBeginning(_ text: Span<UInt8>, _ index: inout Int) -> ClockReading? {
        guard case .parts(let parts) = form else { return nil }
        return scan(text, &index, parts)
    }

    @inline(__always)
    private func scan(_ text: Span<UInt8>, _ index: inout Int, _ parts: [Part]) -> ClockReading? {
        var reading = ClockReading()
        var isAfternoon: Bool?
        for part in parts {
            switch part {
            case .year: guard number(text, &index, 4...4, &reading.year) else { return nil }
            case .yearOfCentury:
                guard number(text, &index, 2...2, &reading.year) else { return nil }
                reading.year += reading.year < 69 ? 2000 : 1900
            case .month(let digits): guard number(text, &index, digits, &reading.month) else { return nil }
            case .day(let digits): guard number(text, &index, digits, &reading.day) else { return nil }
            case .hour(let digits), .hourOfHalfDay(let digits):
                guard number(text, &index, digits, &reading.hour) else { return nil }
            case .minute(let digits): guard number(text, &index, digits, &reading.minute) else { return nil }
            case .second(let digits): guard number(text, &index, digits, &reading.second) else { return nil }
            case .literal(let byte): guard TimeScanner.literal(text, &index, byte) else { return nil }
            case .monthName:
                guard let month = TimeScanner.monthName(text, &index) else { return nil }
                reading.month = month
            case .fullMonthName:
                guard let month = TimeScanner.fullMonthName(text, &index) else { return nil }
                reading.month = month
            case .weekdayName:
                guard let weekday = TimeScanner.weekdayName(text, &index) else { return nil }
                reading.weekday = weekday
            case .fullWeekdayName:
                guard let weekday = TimeScanner.fullWeekdayName(text, &index) else { return nil }
                reading.weekday = weekday
            case .halfDay:
                guard let value = TimeScanner.isAfternoon(text, &index) else { return nil }
                isAfternoon = value
            case .fraction:
                guard let value = TimeScanner.microseconds(text, &index) else { return nil }
                reading.microsecond = value
            case .offset:
                guard let value = TimeScanner.offset(text, &index) else { return nil }
                reading.offset = value
            case .zoneName:
                guard let value = zoneNames?.offset(text, &index) else { return nil }
                reading.offset = value
            }
        }
        if let isAfternoon { reading.setHalfDay(isAfternoon: isAfternoon) }
        return reading
    }

    @inline(__always)
    private func number(
        _ text: Span<UInt8>, _ index: inout Int, _ digits: ClosedRange<Int>, _ value: inout Int
    ) -> Bool {
        guard let number = TimeScanner.digits(text, &index, digits) else { return false }
        value = number
        return true
    }

    /// Parses `yyyy-MM-dd`, then optionally `T` or a space and `HH:mm`, `:ss`, a fraction and an offset.
    ///
    /// - Parameter skipsRest: Whether text after the time is passed over.
    static func readISO8601(_ text: Span<UInt8>, skipsRest: Bool = false) -> ClockReading? {
        var reading = ClockReading()
        var index = 0
        guard let year = TimeScanner.digits(text, &index, 4...4), TimeScanner.literal(text, &index, UInt8(ascii: "-")),
            let month = TimeScanner.digits(text, &index, 2...2), TimeScanner.literal(text, &index, UInt8(ascii: "-")),
            let day = TimeScanner.digits(text, &index, 2...2)
        else { return nil }
        (reading.year, reading.month, reading.day) = (year, month, day)
        guard index < text.count else { return reading }
        let dateEnd = index
        let isJoined = text[index] == UInt8(ascii: " ") || text[index] | 0x20 == UInt8(ascii: "t")
        index += 1
        guard isJoined, let hour = TimeScanner.digits(text, &index, 2...2),
            TimeScanner.literal(text, &index, UInt8(ascii: ":")), let minute = TimeScanner.digits(text, &index, 2...2)
        else { return skipsRest && TimeScanner.isRest(text, dateEnd) ? reading : nil }
        (reading.hour, reading.minute) = (hour, minute)
        if TimeScanner.literal(text, &index, UInt8(ascii: ":")) {
            guard let second = TimeScanner.digits(text, &index, 2...2) else { return nil }
            reading.second = second
            if TimeScanner.literal(text, &index, UInt8(ascii: "."))
                || TimeScanner.literal(text, &index, UInt8(ascii: ","))
            {
                guard let value = TimeScanner.microseconds(text, &index) else { return nil }
                reading.microsecond = value
            }
        }
        guard index < text.count else { return reading }
        var end = index
        if let offset = TimeScanner.offset(text, &end) {
            (reading.offset, index) = (offset, end)
            if index == text.count { return reading }
        }
        return skipsRest && TimeScanner.isRest(text, index) ? reading : nil
    }

    private static func readDayFraction(_ text: Span<UInt8>) -> ClockReading? {
        guard let share = DecimalNumber.read(text), (0...1).contains(share) else { return nil }
        let milliseconds = Int((share * 86_400_000).rounded())
        var reading = ClockReading()
        (reading.hour, reading.minute) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        (reading.second, reading.microsecond) = (milliseconds / 1000 % 60, milliseconds % 1000 * 1000)
        return reading
    }

    /// Parses a whole number with an optional sign and fraction, as the reading of a clock in UTC.
    private static func readEpoch(_ text: Span<UInt8>, perSecond: Int64) -> ClockReading? {
        guard perSecond <= 1_000_000 else { return readNanoseconds(text) }
        var index = 0
        let isNegative = TimeScanner.literal(text, &index, UInt8(ascii: "-"))
        guard let whole = TimeScanner.digits(text, &index, perSecond > 1000 ? 1...18 : 1...15) else { return nil }
        var fraction = 0
        if TimeScanner.literal(text, &index, UInt8(ascii: ".")) {
            guard let value = TimeScanner.microseconds(text, &index) else { return nil }
            fraction = value
        }
        guard index == text.count else { return nil }
        let scale = 1_000_000 / perSecond
        let (product, overflows) = Int64(whole).multipliedReportingOverflow(by: scale)
        guard !overflows, product < .max - scale else { return nil }
        let microseconds = product + Int64(fraction) / perSecond
        return ClockReading(microsecondsSince1970: isNegative ? -microseconds : microseconds)
    }

    /// Parses a whole number of nanoseconds. The last three digits are dropped.
    private static func readNanoseconds(_ text: Span<UInt8>) -> ClockReading? {
        var index = 0
        let isNegative = TimeScanner.literal(text, &index, UInt8(ascii: "-"))
        guard let microseconds = TimeScanner.digits(text, &index, 1...(max(1, min(text.count - index - 3, 16)))),
            TimeScanner.digits(text, &index, 3...3) != nil, index == text.count
        else { return nil }
        return ClockReading(microsecondsSince1970: Int64(isNegative ? -microseconds : microseconds))
    }
}
