package import Domain
package import Postgres
import Risk

/// Deletes what datasets no longer keep: the events, scores and dead letters before the days of their retention.
///
/// Events are kept a week longer than scores, because the figures of a day look back on seven days. So nothing of the
/// days that stay has to be scored again.
package struct DatasetRetention: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options.withLockTimeout
        self.sql = sql
    }

    package struct Outcome: Hashable, Sendable {
        /// The first day that is kept.
        package let firstDay: LocalDay
        package fileprivate(set) var events = 0
        package fileprivate(set) var deadLetters = 0
        /// The days whose scores were deleted.
        package fileprivate(set) var days = 0
        /// Partitions that were dropped as a whole.
        package fileprivate(set) var partitions = 0
        /// Whether days are served that are not kept.
        package fileprivate(set) var isServed = false
    }

    /// The datasets with a retention.
    /// - Throws: `PostgresError`.
    package func datasets() async throws -> [Slug] {
        try await PostgresConnection.withConnection(options) { connection in
            try await connection.query("SELECT slug FROM datasets WHERE retention_days IS NOT NULL ORDER BY slug", [])
                .map { try $0.get(0) }
        }
    }

    /// Deletes what a dataset no longer keeps, one partition after the other. If it is interrupted, the next time does
    /// the rest.
    ///
    /// - Parameter lease: The lease of the job that does it. Without it nothing is deleted.
    /// - Returns: `nil` when the dataset keeps everything.
    /// - Throws: `StorageError` with code `.busy` while an ingest or a scoring run of the dataset is under way and
    ///   `.dataset` when there is none; ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func enforce(_ slug: Slug, lease: JobLease? = nil) async throws -> Outcome? {
        try await PostgresConnection.withConnection(options) { connection in
            let dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
            guard let days = dataset.retentionDays else { return nil }
            try await IngestStore(options, sql: sql).lock(slug, on: connection)
            guard try await connection.takeLock("hextant score \(slug)") else {
                throw StorageError(.busy, "a scoring run of \(slug) is running: wait until it ends")
            }
            var row = try await connection.query(
                """
                SELECT k.day AS first_day, (k.day - \(Scoring.lookBack))::timestamp AT TIME ZONE $1 AS first_time
                FROM (SELECT (now() AT TIME ZONE $1)::date - $2::int AS day) k
                """, [dataset.timeZone, days])[0].fields
            let first: LocalDay = try row.next("first_day")
            let limit: Instant = try row.next("first_time")
            var outcome = Outcome(firstDay: first)
            let (scored, letters) = try await connection.transaction { connection in
                let letters = try await connection.query(
                    """
                    DELETE FROM dead_letters l USING ingest_batches b
                    WHERE b.dataset = $1 AND b.id = l.batch AND l.created_at < $2
                    """, [slug, limit])
                let scored = try await deleteScores(of: slug, before: first, on: connection)
                try await forgetDays(of: slug, before: first, on: connection)
                // Last, so that the job can be ended while this waits for somebody.
                try await lease?.hold(on: connection)
                return (scored, letters.affected)
            }
            outcome.days = scored
            outcome.deadLetters = letters
            for range in try await EventPartitions.ranges(connection) where range.lowerBound < limit {
                let (events, isDropped) = try await connection.transaction { connection in
                    let emptied = try await empty(range, of: slug, before: limit, on: connection)
                    // Deleting events has marked their days.
                    try await forgetDays(of: slug, before: first, on: connection)
                    try await lease?.hold(on: connection)
                    return emptied
                }
                outcome.events += events
                outcome.partitions += isDropped ? 1 : 0
            }
            // Partitions that are in use are dropped later.
            _ = try? await PartitionUpkeep.dropEmpty(on: connection)
            outcome.isServed = try await connection.query(
                "SELECT EXISTS (SELECT FROM served_datasets WHERE dataset = $1 AND first_day < $2)",
                [slug, first])[0].get(0)
            return outcome
        }
    }

    /// - Returns: The number of days whose scores were deleted.
    private func deleteScores(
        of dataset: Slug, before first: LocalDay, on connection: PostgresConnection
    ) async throws -> Int {
        let days: Int = try await connection.query(
            """
            WITH gone AS (DELETE FROM daily_aggregates WHERE dataset = $1 AND day < $2 RETURNING day)
            SELECT count(DISTINCT day) FROM gone
            """, [dataset, first])[0].get(0)
        try await connection.query("DELETE FROM daily_scores WHERE dataset = $1 AND day < $2", [dataset, first])
        try await connection.query("DELETE FROM run_scales WHERE dataset = $1 AND to_day < $2", [dataset, first])
        // Their figures are of days that are gone.
        try await connection.query("DELETE FROM outlooks WHERE dataset = $1 AND as_of < $2", [dataset, first])
        // The mean and deviation of a cell are those of the days that are kept; the scale of scores stays.
        try await connection.query(
            "UPDATE run_scales SET from_day = $2 WHERE dataset = $1 AND from_day < $2", [dataset, first])
        return days
    }

    /// Deletes what is known of the days whose events go: nobody is told of them any more, however many of their events
    /// are still there.
    private func forgetDays(
        of dataset: Slug, before first: LocalDay, on connection: PostgresConnection
    ) async throws {
        for table in ["daily_counts", "kind_counts", "event_days"] {
            try await connection.query(
                "DELETE FROM \(table) WHERE dataset = $1 AND day < $2",
                [dataset, first.advanced(by: -Scoring.lookBack)])
        }
    }

    /// Drops a partition that has nothing but old events of the dataset; deletes its old events otherwise.
    /// - Returns: The number of events, and whether the partition was dropped.
    private func empty(
        _ range: Range<Instant>, of dataset: Slug, before limit: Instant, on connection: PostgresConnection
    ) async throws -> (events: Int, isDropped: Bool) {
        if range.upperBound <= limit,
            let events = try await EventPartitions.drop(range, ifOnlyOf: dataset, on: connection)
        {
            return (events, true)
        }
        // Planned each time, so that the planner looks at this partition alone.
        let events = try await connection.queryOnce(
            sql[.eventsExpire], [dataset, range.lowerBound, min(range.upperBound, limit)]
        ) { (rows: PostgresRows) throws(PostgresError) -> Int in try rows[0].get(0) }
        return (events, false)
    }
}
