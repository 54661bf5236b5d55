import Foundation

/// Whether and when a request is made again: a decision without clock, random numbers and I/O.
package struct RetryRule: Hashable, Sendable {
    /// How many times a request is repeated after a failure.
    package var retries = 3
    /// The longest pause before the first repetition; it doubles with each.
    package var first = Duration.seconds(1)
    package var longest = Duration.seconds(10)
    /// The longest time that a source may ask to be left alone for. Beyond it the request fails, and a later run asks.
    package var mostPatience = Duration.seconds(120)
    /// How many times a request is repeated that the source still works on (202).
    package var workingTries = 20

    package init() {}

    /// A reason to ask again.
    enum Reason: Hashable {
        /// The source could not be reached, did not answer in time, broke off or failed.
        case failure
        case tooManyRequests
        /// The source works on the answer, and the same request gets it.
        case stillWorking
    }

    /// The pause before the next try; `nil` when there is none.
    ///
    /// Full jitter (M. Brooker, "Exponential Backoff and Jitter", 2015): a share from 0 to 1 of the exponential delay.
    /// A source that says how long to wait is asked no sooner.
    /// - Parameters:
    ///   - tries: The tries so far, 1 or more.
    ///   - retryAfter: How long the source asked to be left alone.
    ///   - jitter: From 0 to 1.
    func pause(
        after tries: Int, _ reason: Reason, retryAfter: Duration?, retries: Int? = nil, jitter: Double
    ) -> Duration? {
        let allowed = reason == .stillWorking ? workingTries : retries ?? self.retries
        guard tries <= allowed, (retryAfter ?? .zero) <= mostPatience else { return nil }
        let delay = min(longest, first * (1 << min(30, tries - 1)))
        return max(delay * jitter, retryAfter ?? .zero)
    }
}

/// The header field `Retry-After` (RFC 9110, 10.2.3).
enum RetryAfter {
    /// The time from now on; `nil` for a text that is neither seconds nor a date, and never negative.
    /// - Parameter now: Seconds since 1970 UTC.
    static func duration(_ text: String?, now: Int64) -> Duration? {
        guard let text = text?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Too many digits for a number is a very long time.
            return .seconds(min(Int64(text) ?? .max, 1_000_000_000))
        }
        guard let date = HTTPDate.seconds(text) else { return nil }
        return .seconds(max(0, date - now))
    }
}

/// The date form of header fields (RFC 9110, 5.6.7); the two obsolete forms are not understood.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970 UTC of a text such as `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` for any other form.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT", let day = Int64(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
            (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, (1...31).contains(day), (0...23).contains(clock[0]), (0...59).contains(clock[1]),
            (0...60).contains(clock[2])
        else { return nil }
        return days(year: year, month: Int64(month) + 1, day: day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1970 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
