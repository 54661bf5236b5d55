/// Parses the elements of times.
///
/// Each function reads at `index` and moves it forward, or returns nil.
enum TimeScanner {
    static func digits(_ text: Span<UInt8>, _ index: inout Int, _ count: ClosedRange<Int>) -> Int? {
        var value = 0
        let start = index
        while index < text.count, index - start < count.upperBound {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value * 10 + Int(digit)
            index += 1
        }
        return index - start >= count.lowerBound ? value : nil
    }

    static func literal(_ text: Span<UInt8>, _ index: inout Int, _ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    /// The digits after the decimal sign as microseconds. Digits after the sixth are dropped.
    static func microseconds(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        let start = index
        var value = 0
        var weight = 100_000
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value += Int(digit) * weight
            weight /= 10
            index += 1
        }
        return index > start ? value : nil
    }

    /// An offset `Z`, `+hh`, `+hhmm` or `+hh:mm`, in seconds east of UTC.
    ///
    /// It is at most 18 hours, as is usual for ISO 8601.
    static func offset(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard index < text.count else { return nil }
        let sign = text[index]
        index += 1
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = digits(text, &index, 2...2) else {
            return nil
        }
        var minutes = 0
        if literal(text, &index, UInt8(ascii: ":")) {
            guard let value = digits(text, &index, 2...2) else { return nil }
            minutes = value
        } else {
            var end = index
            if let value = digits(text, &end, 2...2) {
                minutes = value
                index = end
            }
        }
        guard hours <= 18, minutes < 60 else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// An offset as it stands behind GMT: also with an hour of one digit, `+2` or `-2:30`.
    static func looseOffset(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        var end = index
        if let offset = offset(text, &end) {
            index = end
            return offset
        }
        end = index + 1
        guard index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-"),
            let hours = digits(text, &end, 1...1)
        else { return nil }
        var minutes = 0
        if literal(text, &end, UInt8(ascii: ":")) {
            guard let value = digits(text, &end, 2...2), value < 60 else { return nil }
            minutes = value
        }
        let seconds = (hours * 60 + minutes) * 60
        defer { index = end }
        return text[index] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// `AM` or `PM` in any case, also `a.m.` and `p.m.`; true for PM.
    static func isAfternoon(_ text: Span<UInt8>, _ index: inout Int) -> Bool? {
        guard index + 2 <= text.count else { return nil }
        let half = text[index] | 0x20
        var end = index + 1
        let isDotted = literal(text, &end, UInt8(ascii: "."))
        if isDotted { _ = literal(text, &end, UInt8(ascii: " ")) }
        guard end < text.count, text[end] | 0x20 == UInt8(ascii: "m"),
            half == UInt8(ascii: "a") || half == UInt8(ascii: "p")
        else { return nil }
        end += 1
        if isDotted { _ = literal(text, &end, UInt8(ascii: ".")) }
        index = end
        return half == UInt8(ascii: "p")
    }

    /// Whether the text from `index` on may be passed over.
    ///
    /// It may not go on with a letter or digit, nor with what would change the time: a number, also one with a sign or
    /// after a colon, and AM or PM.
    static func isRest(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var index = start
        guard index < text.count, !Glyph.isLetter(text[index]) else { return index >= text.count }
        while index < text.count, Glyph.isBlank(text[index]) { index += 1 }
        var end = index
        if isAfternoon(text, &end) != nil, end == text.count || !Glyph.isLetter(text[end]) { return false }
        if index < text.count, "+-:.,/".utf8.contains(text[index]) { index += 1 }
        return index == text.count || !Glyph.isDigit(text[index])
    }

    /// An English month of three letters, or `Sept`, in any case.
    static func monthName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard let month = shortName(text, &index, of: "janfebmaraprmayjunjulaugsepoctnovdec") else { return nil }
        if month == 8 { tail("t", text, &index) }
        return month + 1
    }

    /// An English weekday of three letters, or `Tues`, `Thur` or `Thurs`, in any case; 0 for Sunday.
    static func weekdayName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard let weekday = shortName(text, &index, of: "sunmontuewedthufrisat") else { return nil }
        if weekday == 2 { tail("s", text, &index) }
        if weekday == 4 {
            tail("rs", text, &index)
            tail("r", text, &index)
        }
        return weekday
    }

    /// An English weekday in full, in any case; 0 for Sunday.
    static func fullWeekdayName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        fullName(text, &index, of: ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])
    }

    /// The number of the name of three letters that the text goes on with.
    private static func shortName(_ text: Span<UInt8>, _ index: inout Int, of names: StaticString) -> Int? {
        guard index + 3 <= text.count else { return nil }
        for name in 0..<names.utf8CodeUnitCount / 3
        where (0..<3).allSatisfy({ text[index + $0] | 0x20 == names.utf8Start[name * 3 + $0] }) {
            index += 3
            return name
        }
        return nil
    }

    /// Reads letters that end a word, if they are there.
    private static func tail(_ letters: StaticString, _ text: Span<UInt8>, _ index: inout Int) {
        let end = index + letters.utf8CodeUnitCount
        guard end <= text.count, end == text.count || !Glyph.isLetter(text[end]),
            (index..<end).allSatisfy({ text[$0] | 0x20 == letters.utf8Start[$0 - index] })
        else { return }
        index = end
    }

    private static func fullName(_ text: Span<UInt8>, _ index: inout Int, of names: [StaticString]) -> Int? {
        for (number, name) in names.enumerated() where index + name.utf8CodeUnitCount <= text.count {
            guard (0..<name.utf8CodeUnitCount).allSatisfy({ text[index + $0] | 0x20 == name.utf8Start[$0] }) else {
                continue
            }
            index += name.utf8CodeUnitCount
            return number
        }
        return nil
    }

    /// An English month in full, in any case.
    static func fullMonthName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        let names: [StaticString] = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        return fullName(text, &index, of: names).map { $0 + 1 }
    }

    /// A time of day: `HHmm`, whose leading zeros may be missing, `H:mm` or `H:mm:ss` with or without a fraction, each
    /// with or without AM or PM. Without a colon, one or two digits before AM or PM are the hour.
    ///
    /// A number that was kept as a fraction, such as `1330.0`, is `HHmm`, too. `13.00` is not: it may be a time with a
    /// full stop.
    ///
    /// - Returns: nil when the text is written in another way. The reading may be impossible.
    static func clock(_ text: Span<UInt8>) -> ClockReading? {
        var reading = ClockReading()
        var index = 0
        guard let first = digits(text, &index, 1...4) else { return nil }
        let firstDigits = index
        (reading.hour, reading.minute) = (first / 100, first % 100)
        if index < text.count, literal(text, &index, UInt8(ascii: ":")) {
            guard firstDigits <= 2, let minute = digits(text, &index, 2...2) else { return nil }
            (reading.hour, reading.minute) = (first, minute)
            if literal(text, &index, UInt8(ascii: ":")) {
                guard let second = digits(text, &index, 2...2) else { return nil }
                reading.second = second
                if literal(text, &index, UInt8(ascii: ".")) || literal(text, &index, UInt8(ascii: ",")) {
                    guard let value = microseconds(text, &index) else { return nil }
                    reading.microsecond = value
                }
            }
        } else if index + 2 == text.count, text[index] == UInt8(ascii: "."), text[index + 1] == UInt8(ascii: "0") {
            return reading
        }
        guard index < text.count else { return reading }
        while index < text.count, Glyph.isBlank(text[index]) { index += 1 }
        let hasColon = firstDigits < index && text[firstDigits] == UInt8(ascii: ":")
        guard let isAfternoon = isAfternoon(text, &index), index == text.count else { return nil }
        if !hasColon, firstDigits <= 2 { (reading.hour, reading.minute) = (first, 0) }
        reading.setHalfDay(isAfternoon: isAfternoon)
        return reading
    }
}
