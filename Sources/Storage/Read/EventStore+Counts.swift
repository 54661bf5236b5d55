package import Domain
import Postgres

extension EventStore {
    /// A page of counts by day and type. Counts of all events are stored; days without stored counts, and counts in a
    /// box or polygon or under a condition, come from the events.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func counts(_ query: EventCountQuery, _ page: PageRequest<EventCount>) async throws -> Page<EventCount> {
        let selection = query.selection
        let isLimited = selection.bounds != nil || selection.polygon != nil || selection.filter != nil
        if isLimited, selection.disclosure != .exact { return Page([], of: page) }
        let counts =
            try await isLimited
            ? countedEvents(query, after: page.after, limit: page.wanted)
            : countedDays(query, after: page.after, limit: page.wanted)
        return Page(counts, of: page)
    }

    /// A row of the stored counts; without a type and number if the day's events are not counted.
    private struct CountedDay {
        let day: LocalDay
        let eventType: String?
        let count: Int?
    }

    private func countedDays(
        _ query: EventCountQuery, after start: EventCountCursor?, limit: Int
    ) async throws -> [EventCount] {
        var cursor = start
        var first = max(query.days.lowerBound, start?.day ?? .earliest)
        let last = query.days.upperBound
        var counts: [EventCount] = []
        while first <= last, counts.count < limit {
            let wanted = limit - counts.count
            var rest = query
            rest.days = first...last
            let rows = try await storedCounts(rest, after: cursor, limit: wanted)
            var index = 0
            while index < rows.count, counts.count < limit {
                let row = rows[index]
                index += 1
                if let eventType = row.eventType, let count = row.count {
                    counts.append(EventCount(day: row.day, eventType: eventType, count: count))
                    cursor = EventCountCursor(day: row.day, eventType: eventType)
                    first = row.day
                    continue
                }
                var end = row.day
                while index < rows.count, rows[index].eventType == nil,
                    row.day.distance(to: rows[index].day) < Self.longestCount
                {
                    end = rows[index].day
                    index += 1
                }
                var uncounted = query
                uncounted.days = row.day...end
                counts += try await find(uncounted, after: cursor, limit: limit - counts.count)
                first = end.advanced(by: 1)
            }
            if rows.count < wanted { break }
        }
        return counts
    }

    /// How many days without stored counts are counted at a time.
    private static let longestCount = 31

    private func storedCounts(
        _ query: EventCountQuery, after cursor: EventCountCursor?, limit: Int
    ) async throws -> [CountedDay] {
        let first = query.days.lowerBound
        let parameters: [any PostgresEncodable] = [
            query.selection.dataset, first, query.days.upperBound, PostgresArray(query.eventTypes),
            cursor?.day ?? first.advanced(by: -1), cursor?.eventType ?? "", limit,
            query.selection.disclosure.minimum,
        ]
        return try await pool.query(sql[.countedDays], parameters).map { row in
            var fields = row.fields
            return CountedDay(
                day: try fields.next("day"), eventType: try fields.next("kind"), count: try fields.next("count"))
        }
    }

    /// A page of counts from the events. Everything from the start of a page must be counted before its first row is
    /// known, so this counts a month, then a year, and only then all the rest.
    private func countedEvents(
        _ query: EventCountQuery, after cursor: EventCountCursor?, limit: Int
    ) async throws -> [EventCount] {
        guard let known = try await EventExtent.knownDays(of: query.selection.dataset, on: pool) else { return [] }
        var first = max(query.days.lowerBound, cursor?.day ?? .earliest, known.lowerBound)
        let last = min(query.days.upperBound, known.upperBound)
        var counts: [EventCount] = []
        for days in [31, 366, Int.max] where first <= last && counts.count < limit {
            let end = days > first.distance(to: last) ? last : first.advanced(by: days - 1)
            var part = query
            part.days = first...end
            counts += try await find(part, after: cursor, limit: limit - counts.count)
            first = end.advanced(by: 1)
        }
        return counts
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
            selection.disclosure.minimum,
        ]
        let parameters = scope + selection.bounds.parameters + place
        return try await rows(.eventCounts, parameters, selection).map { row in
            var fields = row.fields
            return EventCount(
                day: try fields.next("day"), eventType: try fields.next("event_type"), count: try fields.next("count"))
        }
    }
}
