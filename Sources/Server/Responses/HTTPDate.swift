import Risk

/// Dates of HTTP headers (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Parameter seconds: Seconds since 1970 UTC, not negative.
    static func text(seconds: Int64) -> String {
        let (number, rest) = max(0, seconds).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = LocalDay(number: Int32(number)).civil
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { padded(Int($0)) }.joined(separator: ":")
        // 1970-01-01 was a Thursday.
        return "\(weekdays[Int(number % 7)]), \(padded(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }
}
