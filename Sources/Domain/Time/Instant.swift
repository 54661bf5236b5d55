import Foundation

/// A moment in UTC, kept in microseconds since 1970.
///
/// It has the size of its number, and its arithmetic is inlined in other modules, so an array of instants costs what an
/// array of numbers costs.
package struct Instant: Hashable, Sendable {
    package let microseconds: Int64

    @inlinable package static var microsecondsPerSecond: Int64 { 1_000_000 }
    @inlinable package static var secondsPerDay: Int64 { 86_400 }
    @inlinable package static var microsecondsPerDay: Int64 { secondsPerDay * microsecondsPerSecond }

    /// The first and last instant. PostgreSQL gets them as `-infinity` and `infinity`.
    @inlinable package static var earliest: Self { Self(microseconds: .min) }
    @inlinable package static var latest: Self { Self(microseconds: .max) }

    package static var now: Self {
        Self(microseconds: Int64((Date().timeIntervalSince1970 * Double(microsecondsPerSecond)).rounded(.down)))
    }

    /// - Parameter microseconds: Microseconds since 1970 UTC.
    @inlinable package init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter seconds: Seconds since 1970 UTC.
    @inlinable package init(seconds: Int64) { self.init(microseconds: seconds * Self.microsecondsPerSecond) }

    /// The midnight in UTC at which a day begins.
    @inlinable package init(midnight day: LocalDay) {
        self.init(microseconds: Int64(day.number) * Self.microsecondsPerDay)
    }

    /// Whole seconds since 1970 UTC, rounded down.
    @inlinable package var seconds: Int64 { microseconds.floorDivided(by: Self.microsecondsPerSecond).quotient }

    /// The instant without its fraction of a second.
    package var wholeSeconds: Self { Self(seconds: seconds) }

    /// The day in UTC.
    @inlinable package var day: LocalDay { day(ahead: 0) }

    /// The day that a clock shows.
    /// - Parameter offset: How far the clock is ahead of UTC, in microseconds.
    @inlinable package func day(ahead offset: Int64) -> LocalDay {
        LocalDay(number: Int32((microseconds + offset).floorDivided(by: Self.microsecondsPerDay).quotient))
    }
}

extension Instant: Comparable {
    @inlinable package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The instant a duration later; the first or last instant where there is none.
    package static func + (instant: Self, duration: Duration) -> Self {
        let (sum, overflows) = instant.microseconds.addingReportingOverflow(duration.inMicroseconds)
        return overflows ? duration < .zero ? .earliest : .latest : Self(microseconds: sum)
    }

    /// The instant a duration earlier; the first or last instant where there is none.
    package static func - (instant: Self, duration: Duration) -> Self { instant + (.zero - duration) }

    /// The time from one instant to a later one; negative when it is earlier.
    package static func - (later: Self, earlier: Self) -> Duration {
        .microseconds(later.microseconds) - .microseconds(earlier.microseconds)
    }
}

extension Int64 {
    /// The quotient rounded down, also of negative numbers, and the remainder from 0 to below the divisor.
    /// - Parameter divisor: A positive number.
    @inlinable package func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
