import Domain
import Postgres

extension BatchWriter {
    /// Merges the rows of table `incoming` into the events: those with ids of their source replace older versions, and
    /// those that are known by their content are added if they are not there yet. Rows of a feed part that is read as a
    /// whole take the place of the part's events.
    ///
    /// - Parameter place: The part of a feed, if the rows are one.
    /// - Returns: How many events were accepted.
    func merge(_ place: FeedPlace?) async throws -> Int {
        let connection = lead.connection
        // Otherwise the planner would take the table for a small one.
        try await connection.execute("ANALYZE incoming")
        try await connection.query(
            """
            SELECT make_event_partitions(array_agg(moment))
            FROM (SELECT min(event_timestamp) AS moment FROM incoming
                GROUP BY floor(extract(epoch FROM event_timestamp) / (30 * 86400))) AS moments
            """)
        let rows = try await connection.query(
            """
            SELECT count(event_id) AS identified, min(event_timestamp) FILTER (WHERE event_id IS NULL) AS first,
                max(event_timestamp) FILTER (WHERE event_id IS NULL) AS last
            FROM incoming
            """)
        var fields = rows[0].fields
        var accepted = 0
        if try fields.next("identified", as: Int.self) > 0 {
            // With the times of what may be replaced as values, the planner leaves out the partitions of other times.
            let replaced = try await connection.query(
                """
                SELECT coalesce(min(k.event_timestamp), '-infinity') AS earliest,
                    coalesce(max(k.event_timestamp), '-infinity') AS latest
                FROM incoming i
                JOIN event_identities k ON k.dataset = $1 AND k.event_id = i.event_id
                """, [scope.dataset])
            var times = replaced[0].fields
            let earliest: Instant = try times.next("earliest")
            let latest: Instant = try times.next("latest")
            accepted += try await accept(sql[.identitiesMerge], earliest, latest)
        }
        let first: Instant? = try fields.next("first")
        let last: Instant? = try fields.next("last")
        if let place, scope.feed?.isWholeAtOnce == true {
            accepted += try await mergeContents(place)
        } else if let first, let last {
            accepted += try await accept(sql[.contentsMerge], first, last)
        }
        return accepted
    }

    /// Runs one of the merging statements, which look at stored events from a first to a last time.
    ///
    /// - Returns: How many events it accepted.
    private func accept(_ statement: String, _ first: Instant, _ last: Instant) async throws -> Int {
        let merged = try await lead.connection.query(statement, [scope.dataset, scope.batch, first, last])
        var fields = merged[0].fields
        return try fields.next("accepted")
    }
}
