import Domain
import Postgres

extension BatchWriter {
    /// Merges the rows of table `incoming` into the events: those with ids of their source replace older versions, and
    /// those that are known by their content are added if they are not there yet.
    ///
    /// - Returns: How many events were accepted.
    func merge() async throws -> Int {
        let connection = lead.connection
        // Otherwise the planner would take the table for a small one.
        try await connection.execute("ANALYZE incoming")
        let rows = try await connection.query(
            """
            SELECT count(event_id) AS identified, min(event_timestamp) FILTER (WHERE event_id IS NULL) AS first,
                max(event_timestamp) FILTER (WHERE event_id IS NULL) AS last
            FROM incoming
            """)
        var fields = rows[0].fields
        var accepted = 0
        if try fields.next("identified", as: Int.self) > 0 {
            accepted += try await connection.query(sql[.identitiesMerge], [scope.dataset, scope.batch]).affected
        }
        let first: Instant? = try fields.next("first")
        let last: Instant? = try fields.next("last")
        if let first, let last {
            accepted += try await connection.query(
                sql[.contentsMerge], [scope.dataset, scope.batch, first, last]
            ).affected
        }
        return accepted
    }
}
