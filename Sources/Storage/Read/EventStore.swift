package import Domain
import Postgres

/// The stored events.
package struct EventStore: EventRepository {
    let pool: ReadPool
    let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    /// The times that a page looks at, one after the other, until it is full: four weeks, a year and 16 years. All the
    /// rest comes last.
    private static let windows = [Duration.days(28), .days(366), .days(16 * 366)]

    /// A page of events. Every partition of the hypertable takes time to be planned and opened, even if it has no rows
    /// of the page. So later times are queried only when earlier ones do not fill the page, and only the time in which
    /// the dataset has events.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func events(_ query: EventQuery, _ page: PageRequest<StoredEvent>) async throws -> Page<StoredEvent> {
        // A single event is a small count.
        guard query.selection.disclosure == .exact,
            let known = try await EventExtent.knownDays(of: query.selection.dataset, on: pool)
        else { return Page([], of: page) }
        let times = known.moments
        let start = max(query.from ?? .earliest, page.after?.timestamp ?? .earliest, times.lowerBound)
        let end = min(query.to ?? .latest, times.upperBound)
        var ends = Self.windows.map { min(start + $0, end) }
        ends.append(end)
        var part = query
        part.from = start
        var cursor = page.after
        var events: [StoredEvent] = []
        for partEnd in ends {
            guard let from = part.from, from < partEnd else { break }
            part.to = partEnd
            events += try await find(part, after: cursor, limit: page.wanted - events.count)
            if events.count >= page.wanted || EventQuery.isCut(events) { break }
            part.from = partEnd
            cursor = nil
        }
        return Page(events, of: page, isCut: EventQuery.isCut(events))
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
        return try await rows(.events, scope + selection.bounds.parameters + place, selection).map { row in
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

    /// The rows of a statement over events, which is planned with its values every time.
    func rows(
        _ statement: SQLFiles.Name, _ parameters: [any PostgresEncodable], _ selection: FeatureSelection
    ) async throws -> PostgresRows {
        guard let filter = selection.filter else { return try await pool.queryOnce(sql[statement], parameters) }
        return try await pool.query(sql[statement], parameters, filter, .events.adding(selection.queryables))
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func days(of dataset: Slug) async throws -> ClosedRange<LocalDay>? {
        try await EventExtent(dataset: dataset, sql: sql).days(inZone: "UTC", on: pool)
    }

    /// The types of the events, from the counts that are kept with each day.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func types(
        of dataset: Slug, _ disclosure: Disclosure, _ page: PageRequest<EventType>
    ) async throws -> Page<EventType> {
        let parameters: [any PostgresEncodable] = [dataset, page.after, page.wanted, disclosure.minimum]
        let types = try await pool.query(sql[.eventTypes], parameters).map { row in
            var fields = row.fields
            return EventType(
                name: try fields.next("event_type"), count: try fields.next("events"),
                days: try fields.next("first_day", as: LocalDay.self)...fields.next("last_day"))
        }
        return Page(types, of: page)
    }
}
