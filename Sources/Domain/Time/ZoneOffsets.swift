import Foundation

/// The UTC offsets of a time zone as a table, so that converting a record takes a binary search and no calendar.
///
/// The table is exact from 1800 to 2100. Later times get the last offset of 2099.
package struct ZoneOffsets: Sendable {
    package let identifier: String
    /// The offset in force before the first transition, then after each one, in seconds east of UTC.
    private var offsets: [Int64]
    /// The transitions, in seconds since 1970 UTC, ascending.
    private var instants: [Int64] = []
    /// The clock readings from which the offset after each transition holds, in seconds since 1970 as if UTC.
    private var readings: [Int64] = []

    /// - Parameter identifier: An IANA name; nil when there is no such zone, or it differs between hosts.
    package init?(identifier: String) {
        guard TimeZoneName.isPortable(identifier), let zone = TimeZone(identifier: TimeZoneName.resolved(identifier))
        else { return nil }
        self.identifier = identifier
        var date = Date(timeIntervalSince1970: -5_364_662_400)
        let end = Date(timeIntervalSince1970: 4_102_444_800)
        var before = Int64(zone.secondsFromGMT(for: date))
        offsets = [before]
        while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date, next < end {
            let instant = Int64(next.timeIntervalSince1970)
            let after = Int64(zone.secondsFromGMT(for: next))
            instants.append(instant)
            readings.append(instant + max(before, after))
            offsets.append(after)
            (date, before) = (next, after)
        }
    }

    /// Whether clocks never differ from UTC.
    package var isUTC: Bool { offsets == [0] }

    /// The longitude in degrees at which the sun is highest at noon of standard time, as it was in the year 2000.
    package var standardMeridian: Double {
        // January and July of 2000.
        let offsets = [946_684_800, 962_409_600].map { reading(atInstant: $0) - $0 }
        return Double(offsets.min() ?? 0) / 240
    }

    /// The instant at which local clocks show `reading`.
    ///
    /// A reading that clocks skip gets the offset before the gap, which moves it forward by the length of the gap. A
    /// reading that clocks show twice is the first of the two.
    ///
    /// - Parameter reading: Seconds since 1970 as if the clock showed UTC.
    /// - Returns: Seconds since 1970 UTC.
    package func instant(atReading reading: Int64) -> Int64 {
        reading - offsets[Self.count(of: readings, upTo: reading)]
    }

    /// The reading of local clocks at an instant, in seconds since 1970 as if they showed UTC.
    package func reading(atInstant instant: Int64) -> Int64 {
        instant + offsets[Self.count(of: instants, upTo: instant)]
    }

    /// The local day of an instant.
    package func day(of instant: Instant) -> LocalDay {
        let local = reading(atInstant: instant.seconds)
        return LocalDay(number: Int32(clamping: local.floorDivided(by: Instant.secondsPerDay).quotient))
    }

    private static func count(of sorted: [Int64], upTo value: Int64) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
