package import Domain
import Postgres

/// The stored events.
package struct EventStore: EventRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    /// The time that a page without a near end looks at first: four weeks.
    private static let window = Duration.days(28)

    /// A page of events. Every partition of the hypertable takes time to be planned and opened, even if it has no rows
    /// of the page. So the rest is queried only when the first weeks do not fill the page.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func events(_ query: EventQuery) async throws -> [StoredEvent] {
        guard let end = try await windowEnd(of: query) else { return try await page(query) }
        var near = query
        near.to = end
        let events = try await page(near)
        guard events.count < query.limit, !EventQuery.isCut(events) else { return events }
        var rest = query
        rest.from = end
        rest.after = nil
        rest.limit -= events.count
        return events + (try await page(rest))
    }

    /// The end of the first weeks; `nil` when the whole page should be queried at once.
    private func windowEnd(of query: EventQuery) async throws -> Instant? {
        var start = [query.from, query.after?.timestamp].compactMap(\.self).max()
        if start == nil {
            let days = try await pool.query(
                "SELECT min(day) FROM event_days WHERE dataset = $1", [query.dataset])
            start = try days[0].get(0, as: LocalDay?.self).map(Instant.init(midnight:))
        }
        guard let start else { return nil }
        let end = start + Self.window
        return end < query.to ?? .latest ? end : nil
    }

    private func page(_ query: EventQuery) async throws -> [StoredEvent] {
        // A page begins no earlier than its cursor, and the index can be entered at only one time.
        let from = [query.from, query.after?.timestamp].compactMap(\.self).max()
        let scope: [any PostgresEncodable] = [
            query.dataset, from ?? .earliest, query.to ?? .latest, query.eventType,
        ]
        let page: [any PostgresEncodable] = [
            query.after?.timestamp ?? .earliest, query.after?.sequence ?? .min, query.limit, query.polygon.parameter,
            EventQuery.mostBytes,
        ]
        return try await pool.query(
            sql[.events], scope + query.bounds.parameters + page, query.filter, .events
        ).map { row in
            var fields = row.fields
            return StoredEvent(
                cursor: EventCursor(timestamp: try fields.next("event_timestamp"),
                    sequence: try fields.next("sequence")),
                eventID: try fields.next("event_id"), eventType: try fields.next("event_type"),
                longitude: try fields.next("longitude"), latitude: try fields.next("latitude"),
                attributes: try fields.next("attributes"))
        }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func days(of dataset: Slug) async throws -> ClosedRange<LocalDay>? {
        var extent = try await pool.query(sql[.runExtent], [dataset, "UTC"])[0].fields
        let first: LocalDay? = try extent.next("first_day")
        let last: LocalDay? = try extent.next("last_day")
        return first.flatMap { first in last.map { first...$0 } }
    }

    /// A page of counts. Everything from the start of a page must be counted before its first row is known, so this
    /// counts a month, then a year, and only then all the rest.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func counts(_ query: EventCountQuery) async throws -> [EventCount] {
        guard var first = try await firstDay(of: query) else { return [] }
        let last = query.to ?? .latest
        var counts: [EventCount] = []
        for days in [31, 366, Int.max] where first <= last && counts.count < query.limit {
            let end = days > first.distance(to: last) ? last : first.advanced(by: days - 1)
            var part = query
            (part.from, part.to) = (first, end)
            part.limit -= counts.count
            counts += try await page(part)
            first = end.advanced(by: 1)
        }
        return counts
    }

    /// The day on which counting starts; `nil` when there is nothing to count.
    private func firstDay(of query: EventCountQuery) async throws -> LocalDay? {
        if let start = [query.from, query.after?.day].compactMap(\.self).max() { return start }
        // A local day may begin before the same day in UTC.
        return try await days(of: query.dataset)?.lowerBound.advanced(by: -1)
    }

    private func page(_ query: EventCountQuery) async throws -> [EventCount] {
        let from = query.from ?? .earliest
        let scope: [any PostgresEncodable] = [query.dataset, from, query.to ?? .latest, query.eventType]
        let page: [any PostgresEncodable] = [
            query.polygon.parameter, query.after?.day ?? from.advanced(by: -1), query.after?.eventType ?? "",
            query.limit,
        ]
        return try await pool.query(sql[.eventCounts], scope + query.bounds.parameters + page).map { row in
            var fields = row.fields
            return EventCount(
                day: try fields.next("day"), eventType: try fields.next("event_type"), count: try fields.next("count"))
        }
    }
}
