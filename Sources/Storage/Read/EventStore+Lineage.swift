package import Domain
import Postgres

extension EventStore: LineageRepository {
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func event(_ id: EventReference, of dataset: Slug) async throws -> TracedEvent? {
        let cursor: EventCursor
        switch id {
        case .place(let place): cursor = place
        case .source(let source):
            let known = try await pool.query(
                "SELECT event_timestamp, sequence FROM event_identities WHERE dataset = $1 AND event_id = $2",
                [dataset, source])
            guard var fields = known.first?.fields else { return nil }
            cursor = EventCursor(
                timestamp: try fields.next("event_timestamp"), sequence: try fields.next("sequence"))
        }
        // A time that a client made up may be none that PostgreSQL knows.
        guard let known = try await EventExtent.knownDays(of: dataset, on: pool),
            known.moments.contains(cursor.timestamp)
        else { return nil }
        // With the time as a value only the one partition is planned.
        let found = try await pool.queryOnce(sql[.eventTraced], [dataset, cursor.timestamp, cursor.sequence])
        guard var fields = found.first?.fields else { return nil }
        let event = StoredEvent(
            cursor: EventCursor(timestamp: try fields.next("event_timestamp"), sequence: try fields.next("sequence")),
            eventID: try fields.next("event_id"), eventType: try fields.next("event_type"),
            longitude: try fields.next("longitude"), latitude: try fields.next("latitude"),
            attributes: try fields.next("attributes"))
        let row: Int64 = try fields.next("row_number")
        guard let batch: Int64 = try fields.next("batch") else { return TracedEvent(event: event, lineage: nil) }
        return TracedEvent(
            event: event,
            lineage: .init(
                batch: batch, source: try fields.next("source"), sha256: try fields.next("sha256"),
                mapping: try fields.next("mapping"), stored: try fields.next("finished_at"), rowNumber: row,
                run: try fields.next("run"), feed: try fields.next("feed"), feedPart: try fields.next("feed_part"),
                sourceURL: try fields.next("source_address"), retrieved: try fields.next("retrieved_at")))
    }
}
