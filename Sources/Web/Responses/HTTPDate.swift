import Foundation
import Synchronization

/// Dates of HTTP headers (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Parameter seconds: Seconds since 1970 UTC, not negative.
    static func text(seconds: Int64) -> String {
        var moment = time_t(max(0, seconds))
        var parts = tm()
        gmtime_r(&moment, &parts)
        func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded).joined(separator: ":")
        let date = "\(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year)"
        return "\(weekdays[Int(parts.tm_wday)]), \(date) \(clock) GMT"
    }
}

/// The value of the header `Date`, made once a second.
package final class WireClock: Sendable {
    private let last = Mutex((second: Int64(-1), text: ""))

    package init() {}

    /// The current date.
    package var date: String {
        let second = Int64(time(nil))
        return last.withLock { last in
            if last.second != second { last = (second, HTTPDate.text(seconds: second)) }
            return last.text
        }
    }
}
