import Domain
import Postgres

/// The first and the last day with events. It is found from the days that are known, and looks at events of these days
/// alone, so that it touches no other partitions.
struct EventExtent: Sendable {
    let dataset: Slug
    let sql: SQLFiles

    /// The first and the last day that are known of a dataset; they may have lost their events.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    static func knownDays(of dataset: Slug, on database: any QueryRunner) async throws -> ClosedRange<LocalDay>? {
        let known = try await database.query(
            "SELECT min(day) AS first_day, max(day) AS last_day FROM event_days WHERE dataset = $1", [dataset])
        var fields = known[0].fields
        let first: LocalDay? = try fields.next("first_day")
        let last: LocalDay? = try fields.next("last_day")
        return first.flatMap { first in last.map { first...$0 } }
    }

    /// - Parameter timeZone: The time zone of the days that are returned.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    func days(inZone timeZone: String, on database: any QueryRunner) async throws -> ClosedRange<LocalDay>? {
        var first: LocalDay?
        var last: LocalDay?
        var (before, after) = (LocalDay.earliest.advanced(by: -2), LocalDay.latest.advanced(by: 2))
        while true {
            var known = try await database.query(sql[.eventExtent], [dataset, before, after])[0].fields
            guard let left: LocalDay = try known.next("first_day"), let right: LocalDay = try known.next("last_day")
            else { return nil }
            let (early, late) = ((left...left).moments, (right...right).moments)
            var found = try await database.query(
                sql[.runExtent],
                [dataset, timeZone, early.lowerBound, early.upperBound, late.lowerBound, late.upperBound]
            )[0].fields
            let firstFound: LocalDay? = try found.next("first_day")
            let lastFound: LocalDay? = try found.next("last_day")
            if first == nil { first = firstFound }
            if last == nil { last = lastFound }
            if let first, let last { return first...last }
            // A day that is not counted may have lost its events.
            if first == nil { before = left }
            if last == nil { after = right }
        }
    }
}

extension ClosedRange<LocalDay> {
    /// The time in which the days lie in any time zone: a local day begins and ends within 16 hours of the day in UTC.
    var moments: Range<Instant> {
        let margin = Duration.seconds(16 * 3600)
        return Instant(midnight: lowerBound) - margin..<Instant(midnight: upperBound) + .days(1) + margin
    }
}
