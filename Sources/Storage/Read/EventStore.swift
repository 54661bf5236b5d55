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
    package func events(_ query: EventQuery, _ page: PageRequest<StoredEvent>) async throws -> Page<StoredEvent> {
        var near = query
        near.to = try await windowEnd(of: query, after: page.after) ?? query.to
        var events = try await find(near, after: page.after, limit: page.wanted)
        if near.to != query.to, events.count < page.wanted, !EventQuery.isCut(events) {
            var rest = query
            rest.from = near.to
            events += try await find(rest, after: nil, limit: page.wanted - events.count)
        }
        return Page(events, of: page, isCut: EventQuery.isCut(events))
    }

    /// The end of the first weeks; `nil` when the whole page should be queried at once.
    private func windowEnd(of query: EventQuery, after cursor: EventCursor?) async throws -> Instant? {
        var start = [query.from, cursor?.timestamp].compactMap(\.self).max()
        if start == nil {
            let days = try await pool.query(
                "SELECT min(day) FROM event_days WHERE dataset = $1", [query.selection.dataset])
            start = try days[0].get(0, as: LocalDay?.self).map(Instant.init(midnight:))
        }
        guard let start else { return nil }
        let end = start + Self.window
        return end < query.to ?? .latest ? end : nil
    }

    private func find(
        _ query: EventQuery, after cursor: EventCursor?, limit: Int
    ) async throws -> [StoredEvent] {
        let selection = query.selection
        // A page begins no earlier than its cursor, and the index can be entered at only one time.
        let from = [query.from, cursor?.timestamp].compactMap(\.self).max()
        let scope: [any PostgresEncodable] = [
            selection.dataset, from ?? .earliest, query.to ?? .latest, PostgresArray(query.eventTypes),
        ]
        let place: [any PostgresEncodable] = [
            cursor?.timestamp ?? .earliest, cursor?.sequence ?? .min, limit, selection.polygon.parameter,
            EventQuery.mostBytes,
        ]
        return try await pool.query(
            sql[.events], scope + selection.bounds.parameters + place, selection.filter, .events
        ).map { row in
            var fields = row.fields
            return StoredEvent(
                cursor: EventCursor(
                    timestamp: try fields.next("event_timestamp"),
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

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func types(of dataset: Slug, _ page: PageRequest<EventType>) async throws -> Page<EventType> {
        let types = try await pool.query(sql[.eventTypes], [dataset, page.after, page.wanted]).map { row in
            var fields = row.fields
            return EventType(
                name: try fields.next("event_type"), count: try fields.next("events"),
                days: try fields.next("first_day", as: LocalDay.self)...fields.next("last_day"))
        }
        return Page(types, of: page)
    }

    /// A page of counts. Everything from the start of a page must be counted before its first row is known, so this
    /// counts a month, then a year, and only then all the rest.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func counts(_ query: EventCountQuery, _ page: PageRequest<EventCount>) async throws -> Page<EventCount> {
        guard var first = try await firstDay(of: query, after: page.after) else { return Page([], of: page) }
        let last = query.days.upperBound
        var counts: [EventCount] = []
        for days in [31, 366, Int.max] where first <= last && counts.count < page.wanted {
            let end = days > first.distance(to: last) ? last : first.advanced(by: days - 1)
            var part = query
            part.days = first...end
            counts += try await find(part, after: page.after, limit: page.wanted - counts.count)
            first = end.advanced(by: 1)
        }
        return Page(counts, of: page)
    }

    /// The day on which counting starts; `nil` when there is nothing to count.
    private func firstDay(of query: EventCountQuery, after cursor: EventCountCursor?) async throws -> LocalDay? {
        let first = query.days.lowerBound
        if let day = cursor?.day { return max(first, day) }
        if first > .earliest { return first }
        // A local day may begin before the same day in UTC.
        return try await days(of: query.selection.dataset)?.lowerBound.advanced(by: -1)
    }

    private func find(
        _ query: EventCountQuery, after cursor: EventCountCursor?, limit: Int
    ) async throws -> [EventCount] {
        let selection = query.selection
        let first = query.days.lowerBound
        let scope: [any PostgresEncodable] = [
            selection.dataset, first, query.days.upperBound, PostgresArray(query.eventTypes),
        ]
        let place: [any PostgresEncodable] = [
            selection.polygon.parameter, cursor?.day ?? first.advanced(by: -1), cursor?.eventType ?? "", limit,
        ]
        return try await pool.query(
            sql[.eventCounts], scope + selection.bounds.parameters + place, selection.filter, .events
        ).map { row in
            var fields = row.fields
            return EventCount(
                day: try fields.next("day"), eventType: try fields.next("event_type"), count: try fields.next("count"))
        }
    }
}
