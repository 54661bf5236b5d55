import Domain
import Postgres
import Risk

/// The days with events and the versions of their events, read from one snapshot.
struct EventDays: Sendable {
    /// The days, ascending.
    private(set) var days: [LocalDay] = []
    private var versions: [LocalDay: Int64] = [:]
    /// Whether the events of one of the days are not counted by type.
    private(set) var hasUncounted = false

    static func load(
        _ connection: PostgresConnection, dataset: Slug, days: ClosedRange<LocalDay>
    ) async throws -> EventDays {
        let rows = try await connection.query(
            """
            SELECT day, version, counted IS DISTINCT FROM version AS is_uncounted FROM event_days
            WHERE dataset = $1 AND day BETWEEN $2 AND $3 ORDER BY day
            """, [dataset, days.lowerBound, days.upperBound])
        var known = EventDays()
        for row in rows {
            var fields = row.fields
            let day: LocalDay = try fields.next("day")
            known.days.append(day)
            known.versions[day] = try fields.next("version")
            if try fields.next("is_uncounted") { known.hasUncounted = true }
        }
        return known
    }

    /// The version of a day's events; `nil` for a day that never had events.
    func version(of day: LocalDay) -> Int64? { versions[day] }

    /// The sum of the versions of a day and of the days its figures look back on. A change to any of them raises it.
    func figuresVersion(of day: LocalDay) -> Int64 {
        (0...Scoring.lookBack).reduce(0) { $0 + (versions[day.advanced(by: -$1)] ?? 0) }
    }

    /// Splits days into ranges of consecutive ones, each small enough to be held in memory.
    ///
    /// - Parameter starts: Days that must begin a new range, because a partition of the hypertable begins there. A
    ///   range across two partitions would read both.
    static func slices(of days: [LocalDay], at starts: Set<LocalDay> = []) -> [ClosedRange<LocalDay>] {
        var slices: [ClosedRange<LocalDay>] = []
        for day in days {
            if let last = slices.last, last.upperBound.advanced(by: 1) == day, !starts.contains(day),
                last.lowerBound.distance(to: day) < longestSlice
            {
                slices[slices.count - 1] = last.lowerBound...day
            } else {
                slices.append(day...day)
            }
        }
        return slices
    }

    static let longestSlice = 31
}
