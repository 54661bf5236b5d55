import Postgres
package import Risk

/// The stored events.
package struct EventStore: EventRepository {
    private let pool: ReadPool
    private let sql: SQLFiles

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
    }

    package func events(_ query: EventQuery) async throws -> [StoredEvent] {
        // A page begins no earlier than the position it goes on after, and the index is entered at one time only.
        let from = [query.from, query.after?.timestamp].compactMap(\.self).max()
        let scope: [any PostgresEncodable] = [
            query.dataset, from.map(PostgresTimestamp.init) ?? .earliest,
            query.to.map(PostgresTimestamp.init) ?? .latest, query.eventType,
        ]
        let page: [any PostgresEncodable] = [
            query.after.map { PostgresTimestamp(microseconds: $0.timestamp) } ?? .earliest,
            query.after?.sequence ?? .min, query.limit, query.polygon.parameter,
        ]
        return try await pool.query(
            sql[.events], scope + query.bounds.parameters + page, query.filter, .events
        ).map { row in
            StoredEvent(
                position: EventPosition(
                    timestamp: try row.get(0, as: PostgresTimestamp.self).microseconds, sequence: try row.get(1)),
                eventID: try row.get(2), eventType: try row.get(3), longitude: try row.get(4),
                latitude: try row.get(5), attributes: try row.get(6))
        }
    }

    package func days(of dataset: String) async throws -> ClosedRange<LocalDay>? {
        let row = try await pool.query(sql[.runExtent], [dataset, "UTC"])[0]
        let first: LocalDay? = try row.get(0)
        let last: LocalDay? = try row.get(1)
        return first.flatMap { first in last.map { first...$0 } }
    }

    package func counts(_ query: EventCountQuery) async throws -> [EventCount] {
        let from = query.from ?? .earliest
        let scope: [any PostgresEncodable] = [query.dataset, from, query.to ?? .latest, query.eventType]
        let page: [any PostgresEncodable] = [
            query.polygon.parameter, query.after?.day ?? from.advanced(by: -1), query.after?.eventType ?? "",
            query.limit,
        ]
        return try await pool.query(sql[.eventCounts], scope + query.bounds.parameters + page).map { row in
            EventCount(day: try row.get(0), eventType: try row.get(1), count: try row.get(2))
        }
    }
}
