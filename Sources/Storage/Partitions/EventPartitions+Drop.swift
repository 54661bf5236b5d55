import Domain
import Postgres

extension EventPartitions {
    /// How long to wait until nobody uses a partition.
    private static let patience = "5s"

    /// Drops a partition whose rows are all of one dataset, with what makes the ids of its rows known. It must run in
    /// a transaction of a connection that holds the ingest lock of the dataset. Days are not marked.
    ///
    /// - Returns: The number of its events; `nil` when other datasets have rows in it, when somebody uses it, or when
    ///   an ingest is running, which counts on the partitions that it found.
    static func drop(
        _ range: Range<Instant>, ifOnlyOf dataset: Slug, on connection: PostgresConnection
    ) async throws -> Int? {
        let found = try await connection.query(
            """
            SELECT format('%I.%I', chunk_schema, chunk_name) FROM timescaledb_information.chunks
            WHERE hypertable_schema = 'public' AND hypertable_name = 'events' AND range_start = $1 AND range_end = $2
            """, [range.lowerBound, range.upperBound])
        guard let row = found.first else { return nil }
        let table: String = try row.get(0)
        // Two looks into an index, instead of one at every row.
        let others = """
            SELECT EXISTS (SELECT FROM \(table) WHERE dataset < $1) OR EXISTS (SELECT FROM \(table) WHERE dataset > $1)
            """
        let isQuiet = """
            SELECT pg_try_advisory_xact_lock(hashtextextended('hextant partitions', 0))
                AND NOT EXISTS (SELECT FROM ingest_batches WHERE state = 'running')
            """
        guard try await connection.query(others, [dataset])[0].get(0) == false,
            try await connection.query(isQuiet, [])[0].get(0) == true
        else { return nil }
        try await connection.execute("SAVEPOINT partition; SET LOCAL lock_timeout = '\(patience)'")
        do {
            try await connection.execute("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        } catch {
            guard error.sqlState == "55P03" else { throw error }
            try await connection.execute("ROLLBACK TO SAVEPOINT partition")
            return nil
        }
        // Rows that were committed before the lock was taken are seen now.
        guard try await connection.query(others, [dataset])[0].get(0) == false else { return nil }
        try await connection.query(
            """
            DELETE FROM event_identities i USING \(table) e
            WHERE i.dataset = $1 AND e.event_id IS NOT NULL AND i.event_id = e.event_id AND i.sequence = e.sequence
            """, [dataset])
        let events: Int = try await connection.query("SELECT count(*) FROM \(table)", [])[0].get(0)
        try await connection.query(
            "SELECT drop_chunks('events', older_than => $1::timestamptz, newer_than => $2::timestamptz)",
            [range.upperBound, range.lowerBound])
        return events
    }
}
