import Domain
import Postgres

/// Converts instants to local days, for some consecutive days of one time zone.
struct LocalClock: Sendable {
    /// An offset of the zone, and the instant from which it is valid.
    struct Offset: Sendable {
        /// The first instant, in microseconds since 1970.
        let start: Int64
        /// How far local time is ahead of UTC, in microseconds.
        let ahead: Int64
    }

    /// The offsets by time, at least one.
    private let offsets: [Offset]
    private static let second: Int64 = 1_000_000
    private static let day: Int64 = 86_400 * second

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
                Offset(
                    start: try row.get(0, as: Int64.self) * second, ahead: try row.get(1, as: Int64.self) * second)
            })
    }

    /// The local day of an instant in microseconds since 1970.
    func day(_ moment: Int64) -> LocalDay {
        var index = offsets.count - 1
        while index > 0, offsets[index].start > moment { index -= 1 }
        let local = moment + offsets[index].ahead
        return LocalDay(number: Int32(local >= 0 ? local / Self.day : (local - Self.day + 1) / Self.day))
    }

    /// The interval that contains every instant of some local days, in microseconds since 1970. When clocks went back
    /// over midnight, it also contains instants of other days.
    func moments(of days: ClosedRange<LocalDay>) -> Range<Int64> {
        var first = Int64.max
        var end = Int64.min
        for (index, offset) in offsets.enumerated() {
            let start = index == 0 ? Int64.min : offset.start
            let next = index + 1 < offsets.count ? offsets[index + 1].start : Int64.max
            let from = max(start, Int64(days.lowerBound.number) * Self.day - offset.ahead)
            let to = min(next, (Int64(days.upperBound.number) + 1) * Self.day - offset.ahead)
            guard from < to else { continue }
            first = min(first, from)
            end = max(end, to)
        }
        return first < end ? first..<end : 0..<0
    }
}
