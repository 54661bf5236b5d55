import Domain
import Foundation

/// How a workbook shows a number: as a plain number, or as a date or time of day (ECMA-376 part 1, 18.8.30).
enum NumberFormat: UInt8, Sendable {
    case number
    case date
    case dateTime
    case timeOfDay
    /// Hours that count on beyond a day, such as `[h]:mm`.
    case duration

    /// The formats that every workbook has without saying so. 27 to 36 and 50 to 58 are the dates and times of Chinese,
    /// Japanese and Korean.
    init(number: Int) {
        self =
            switch number {
            case 14...17, 27...31, 36, 50...54, 57, 58: .date
            case 22: .dateTime
            case 18...21, 32...35, 45, 47, 55, 56: .timeOfDay
            case 46: .duration
            default: .number
            }
    }

    /// A format of the workbook's own, such as `yyyy-mm-dd hh:mm`.
    ///
    /// Texts in quotes, escaped characters, colours, locales and conditions in brackets are passed over; what is left
    /// is a date or time if it has a letter for one of its parts.
    init(code: String) {
        var hasDate = false
        var hasTime = false
        var hasMonthOrMinute = false
        var isDuration = false
        var letters = Substring(code)
        while let letter = letters.popFirst() {
            switch letter {
            case "\"": letters = letters.drop { $0 != "\"" }.dropFirst()
            case "\\", "_", "*": letters = letters.dropFirst()
            case "[":
                let inside = letters.prefix { $0 != "]" }.lowercased()
                letters = letters.dropFirst(inside.count + 1)
                if Set(inside).count == 1, let unit = inside.first, "hms".contains(unit) { isDuration = true }
            // Further sections are for negative numbers, zero and text.
            case ";": letters = ""
            case "d", "D", "y", "Y": hasDate = true
            case "h", "H", "s", "S": hasTime = true
            case "m", "M": hasMonthOrMinute = true
            case "G", "g":
                // The word for no format at all.
                if letters.lowercased().hasPrefix("eneral") { letters = letters.dropFirst(6) }
            default: break
            }
        }
        if isDuration {
            self = .duration
        } else if hasDate {
            self = hasTime ? .dateTime : .date
        } else if hasTime {
            self = .timeOfDay
        } else {
            self = hasMonthOrMinute ? .date : .number
        }
    }

    /// The text of a serial number in ISO 8601, to the millisecond: `2021-03-04`, `2021-03-04 05:06:07`, `05:06:07`.
    ///
    /// Serial numbers count days. In the system of 1900, 1 is 1900-01-01 and 60 is 1900-02-29, a day that never was but
    /// that Excel has; in that of 1904, 0 is 1904-01-01.
    ///
    /// - Returns: nil for a plain number, and for one that is no date up to the year 9999.
    func text(serial: Double, from1904: Bool) -> String? {
        guard self != .number, serial >= 0, serial < (from1904 ? 2_957_004 : 2_958_466) else { return nil }
        let milliseconds = Int64((serial * 86_400_000).rounded())
        let (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        if self == .duration { return Self.clock(milliseconds) }
        let isClockAlone = day == 0 && (!from1904 || self == .timeOfDay)
        if isClockAlone { return Self.clock(rest) }
        // The day before the first one of the system, and since the day that never was the one before that.
        let origin: Int32 = from1904 ? -24_107 : day < 60 ? -25_568 : -25_569
        let date = !from1904 && day == 60 ? "1900-02-29" : LocalDay(number: Int32(day) + origin).description
        return rest == 0 && self == .date ? date : "\(date) \(Self.clock(rest))"
    }

    private static func clock(_ milliseconds: Int64) -> String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let parts = [padded(seconds / 3600, 2), padded(seconds / 60 % 60, 2), padded(seconds % 60, 2)]
        return parts.joined(separator: ":") + (rest == 0 ? "" : ".\(padded(rest, 3))")
    }
}
