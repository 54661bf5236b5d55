import Domain

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

    /// `AM` or `PM` in any case; true for PM.
    static func isAfternoon(_ text: Span<UInt8>, _ index: inout Int) -> Bool? {
        guard index + 2 <= text.count, text[index + 1] | 0x20 == UInt8(ascii: "m") else { return nil }
        let half = text[index] | 0x20
        index += 2
        if half == UInt8(ascii: "a") { return false }
        return half == UInt8(ascii: "p") ? true : nil
    }

    /// An English month of three letters, in any case.
    static func monthName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard index + 3 <= text.count else { return nil }
        let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
        for month in 0..<12
        where (0..<3).allSatisfy({ text[index + $0] | 0x20 == names.utf8Start[month * 3 + $0] }) {
            index += 3
            return month + 1
        }
        return nil
    }

    /// An English month in full, in any case.
    static func fullMonthName(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        let names: [StaticString] = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        for (month, name) in names.enumerated() where index + name.utf8CodeUnitCount <= text.count {
            guard (0..<name.utf8CodeUnitCount).allSatisfy({ text[index + $0] | 0x20 == name.utf8Start[$0] }) else {
                continue
            }
            index += name.utf8CodeUnitCount
            return month + 1
        }
        return nil
    }

    /// A time of day in seconds, from `HHmm`, whose leading zeros may be missing, `HH:mm` or `HH:mm:ss`.
    ///
    /// - Returns: nil when the text is written in another way; 24 hours or more when there is no such time.
    static func clock(_ text: Span<UInt8>) -> Int? {
        var index = 0
        guard let first = digits(text, &index, 1...4) else { return nil }
        var (hour, minute, second) = (first / 100, first % 100, 0)
        if index < text.count {
            guard index <= 2, literal(text, &index, UInt8(ascii: ":")), let value = digits(text, &index, 2...2) else {
                return nil
            }
            (hour, minute) = (first, value)
            if literal(text, &index, UInt8(ascii: ":")) {
                guard let value = digits(text, &index, 2...2) else { return nil }
                second = value
            }
        }
        guard index == text.count else { return nil }
        return hour < 24 && minute < 60 && second < 60 ? (hour * 60 + minute) * 60 + second : Int(Instant.secondsPerDay)
    }
}
