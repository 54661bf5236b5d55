import Domain
import Foundation

/// The calendar of a dataset: where its days begin, and the day of an instant.
struct LocalCalendar {
    private let zone: TimeZone

    /// - Parameter dataset: A stored dataset, whose time zone exists.
    init(of dataset: Dataset) {
        zone = TimeZone(identifier: dataset.timeZone) ?? .gmt
    }

    /// The local day of an instant. The first and last day that there are stand for those beyond.
    func day(of instant: Instant) -> LocalDay {
        let day = instant.day(ahead: offset(at: instant.seconds) * Instant.microsecondsPerSecond)
        return min(max(day, .earliest), .latest)
    }

    /// The first instant of a day. It is no midnight where clocks skip that.
    func start(of day: LocalDay) -> Instant {
        let midnight = Instant(midnight: day).seconds
        // Offsets before and after any change around the midnight. The earlier of the two instants is right unless it
        // is still on the day before.
        let offsets = [offset(at: midnight - Instant.secondsPerDay), offset(at: midnight + Instant.secondsPerDay)]
        let instants = offsets.map { Instant(seconds: midnight - $0) }.sorted()
        return instants.first { self.day(of: $0) >= day } ?? instants[1]
    }

    /// The current day.
    var today: LocalDay { day(of: .now) }

    /// Seconds ahead of UTC.
    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}
