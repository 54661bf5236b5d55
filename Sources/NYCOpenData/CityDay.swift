import Domain
public import Foundation

/// A calendar day in New York, `2024-06-01`.
///
/// ```swift
/// let week = try await client.get311Complaints(BBL("3022320009"), days: 7, asOf: CityDay("2022-10-02")!)
/// ```
public struct CityDay: Hashable, Sendable {
    let day: LocalDay

    init(_ day: LocalDay) {
        self.day = day
    }

    /// Reads a day of the form `YYYY-MM-DD`; `nil` for anything else, and for days that do not exist.
    public init?(_ text: String) {
        guard let day = LocalDay(text) else { return nil }
        self.day = day
    }

    /// The day that a calendar in New York shows at a moment.
    ///
    /// Without the system's time zones (Debian's package tzdata), the rule that has held since 2007 is taken.
    public init(_ date: Date) {
        let seconds = Int64(max(-6.2e10, min(2.5e11, date.timeIntervalSince1970)).rounded(.down))
        if let zone = Self.zone {
            day = zone.day(of: Instant(seconds: seconds))
        } else {
            let offset: Int64 = Self.isSummer(seconds) ? -4 : -5
            day = Instant(seconds: seconds + offset * 3600).day
        }
    }

    /// The present day.
    public static var today: Self { Self(Date()) }

    /// The day a number of days later; earlier for a negative number. Days stay within the years 1 to 9999.
    public func advanced(by days: Int) -> Self {
        let first = LocalDay.earliest
        let target = Int(day.number).addingReportingOverflow(days)
        let least = Int(first.number)
        let greatest = Int(LocalDay.latest.number)
        guard !target.overflow else { return Self(days < 0 ? first : .latest) }
        return Self(LocalDay(number: Int32(max(least, min(greatest, target.partialValue)))))
    }

    private static let zone = ZoneOffsets(identifier: "America/New_York")

    /// Whether daylight saving time holds: from the second Sunday in March to the first in November, at 02:00.
    static func isSummer(_ seconds: Int64) -> Bool {
        let year = Instant(seconds: seconds - 5 * 3600).day.civil.year
        func sunday(_ number: Int, of month: Int) -> Int64 {
            guard let first = LocalDay(year: min(9999, max(1, year)), month: month, day: 1) else { return 0 }
            // 1970-01-01 was a Thursday, so day 3 was a Sunday.
            let toSunday = (Int(first.number) - 3).quotientAndRemainder(dividingBy: 7).remainder
            let days = Int(first.number) + (7 - (toSunday + 7) % 7) % 7 + 7 * (number - 1)
            return Int64(days) * Instant.secondsPerDay
        }
        return seconds >= sunday(2, of: 3) + 7 * 3600 && seconds < sunday(1, of: 11) + 6 * 3600
    }
}

extension CityDay: Comparable {
    /// Whether a day is before another.
    public static func < (left: Self, right: Self) -> Bool { left.day < right.day }
}

extension CityDay: CustomStringConvertible {
    /// The text `YYYY-MM-DD`.
    public var description: String { day.description }
}

extension CityDay: Codable {
    /// Reads `YYYY-MM-DD`.
    /// - Throws: `DecodingError` for a text that is no day.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = LocalDay(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a day is written YYYY-MM-DD")
        }
        self.day = day
    }

    /// Writes `YYYY-MM-DD`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CityDay {
    /// The day of a text as the datasets have it: `2022-10-01T23:24:42.000`, `2022-10-01`, `20221001` or `10/01/2022`.
    /// - Returns: `nil` for days that do not exist, such as `00000000` and `Y9990120`, both of which occur.
    init?(field: String?) {
        guard let field else { return nil }
        let bytes = Array(field.utf8)
        let iso: String
        if bytes.count == 8, bytes.allSatisfy(Self.isDigit) {
            iso = "\(field.prefix(4))-\(field.dropFirst(4).prefix(2))-\(field.suffix(2))"
        } else if bytes.count >= 10, bytes[2] == UInt8(ascii: "/"), bytes[5] == UInt8(ascii: "/") {
            let parts = field.prefix(10).split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            iso = "\(parts[2])-\(parts[0])-\(parts[1])"
        } else if bytes.count == 10 || bytes.count > 10 && bytes[10] == UInt8(ascii: "T") {
            iso = String(field.prefix(10))
        } else {
            return nil
        }
        guard let day = LocalDay(iso) else { return nil }
        self.day = day
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
