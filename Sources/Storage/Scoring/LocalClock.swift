import Domain
import Postgres

/// Converts instants to local days, for some consecutive days of one time zone.
struct LocalClock: Sendable {
    /// An offset of the zone, and the instant from which it is valid.
    struct Offset: Sendable {
        /// The first instant.
        let start: Instant
        /// How far local time is ahead of UTC, in microseconds.
        let ahead: Int64
    }

    /// The offsets by time, at least one.
    private let offsets: [Offset]

    init(offsets: [Offset]) {
        precondition(!offsets.isEmpty)
        self.offsets = offsets
    }

    /// Loads the zone's offsets from PostgreSQL, so that both agree.
    static func load(
        _ connection: PostgresConnection, timeZone: String, days: ClosedRange<LocalDay>, sql: SQLFiles
    ) async throws -> LocalClock {
        let rows = try await connection.query(
            sql[.localOffsets], [timeZone, days.lowerBound, days.upperBound])
        return LocalClock(
            offsets: try rows.map { row in
                var fields = row.fields
                return Offset(
                    start: Instant(seconds: try fields.next("s")),
                    ahead: try fields.next("ahead", as: Int64.self) * Instant.microsecondsPerSecond)
            })
    }

    /// The local day of an instant.
    func day(_ moment: Instant) -> LocalDay {
        var index = offsets.count - 1
        while index > 0, offsets[index].start > moment { index -= 1 }
        return moment.day(ahead: offsets[index].ahead)
    }

    /// The interval that contains every instant of some local days. When clocks went back over midnight, it also
    /// contains instants of other days.
    func moments(of days: ClosedRange<LocalDay>) -> Range<Instant> {
        var first = Instant.latest
        var end = Instant.earliest
        for (index, offset) in offsets.enumerated() {
            let start = index == 0 ? .earliest : offset.start
            let next = index + 1 < offsets.count ? offsets[index + 1].start : .latest
            let ahead = Duration.microseconds(offset.ahead)
            let from = max(start, Instant(midnight: days.lowerBound) - ahead)
            let to = min(next, Instant(midnight: days.upperBound.advanced(by: 1)) - ahead)
            guard from < to else { continue }
            first = min(first, from)
            end = max(end, to)
        }
        return first < end ? first..<end : Instant.earliest..<Instant.earliest
    }
}
