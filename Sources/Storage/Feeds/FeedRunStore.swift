package import Domain
import Jobs
package import Postgres

/// Records the runs of feeds, and has scored what they brought.
package struct FeedRunStore: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    /// How many findings and failures of a run are kept, and bytes of each text.
    private static let mostTexts = 200
    private static let longestText = 2000

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// Does `body` while no other run of the feed is under way, in any process.
    ///
    /// - Throws: `StorageError` with code `.busy` while another run is; what `body` throws; `PostgresError`.
    package func exclusively<Output: Sendable>(
        _ feed: Slug, _ body: (PostgresConnection) async throws -> Output
    ) async throws -> Output {
        try await PostgresConnection.withConnection(options) { connection in
            guard try await connection.takeLock("hextant feed \(feed)") else {
                throw StorageError(.busy, "the feed \(feed) is being read: wait until that run ends")
            }
            return try await body(connection)
        }
    }

    /// Records that a run begins, and how the dataset was scored before: days that its newest run left out stay out.
    ///
    /// - Parameter connection: The one that holds the feed's lock, so that any other running run has died.
    /// - Returns: The number of the run.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset; ``JobLease/hold(on:)``'s errors;
    ///   `PostgresError`.
    package func begin(
        _ feed: Slug, into slug: Slug, trigger: String, lease: JobLease?, on connection: PostgresConnection
    ) async throws -> Int64 {
        let dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
        let order = try await RunStore.orderLikeNewest(of: dataset, on: connection)
        return try await connection.transaction { connection in
            try await lease?.hold(on: connection)
            try await connection.query(
                """
                UPDATE feed_runs SET state = 'failed', error = 'interrupted', finished_at = now()
                WHERE feed = $1 AND state = 'running'
                """, [feed])
            return try await connection.query(
                """
                INSERT INTO feed_runs (dataset, feed, run, trigger, normalization, score_from)
                VALUES ($1, $2, (SELECT id FROM analytics_runs WHERE job = $3), $4, $5, $6)
                RETURNING id
                """,
                [slug, feed, lease?.job, trigger, (order?.normalization ?? .minmax).rawValue, order?.from])[0].get(0)
        }
    }

    /// Stores the checkpoint of a part that brought nothing new.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func note(_ batch: FeedBatch, in dataset: Slug) async throws {
        try await PostgresConnection.withConnection(options) { connection in
            try await connection.transaction { connection in
                try await batch.lease?.hold(on: connection)
                try await connection.query(
                    sql[.feedCheckpointPut],
                    [
                        dataset, batch.feed, batch.part, batch.version, batch.state, Int64?.none, 0, false,
                        Instant?.none, Instant?.none,
                    ])
            }
        }
    }

    /// Forgets what is held of a feed, so that the next run reads all of it. Its events stay.
    ///
    /// - Parameter part: One part; `nil` for all.
    /// - Returns: How many parts were forgotten.
    /// - Throws: `PostgresError`.
    package func forget(
        _ feed: Slug, in dataset: Slug, part: String? = nil, on connection: PostgresConnection
    ) async throws -> Int {
        // Rows of the last readings are still known, so that events that are gone since are found.
        try await connection.query(
            """
            UPDATE feed_checkpoints SET version = '', state = '{}'
            WHERE dataset = $1 AND feed = $2 AND ($3::text IS NULL OR part = $3)
            """, [dataset, feed, part]
        ).affected
    }

    /// Records how a run ended, and queues a run that scores what it brought, and what earlier runs brought that ended
    /// before they could.
    ///
    /// - Parameters:
    ///   - isScored: Whether the scoring is queued.
    /// - Returns: The scoring run; `nil` when there is nothing to score, or it is not queued.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    package func end(
        _ run: Int64, as end: FeedRunRecord, in dataset: Slug, lease: JobLease?, isScored: Bool
    ) async throws -> Int64? {
        try await PostgresConnection.withConnection(options) { connection in
            try await connection.transaction { connection in
                try await lease?.hold(on: connection)
                let failures = end.failures.prefix(Self.mostTexts).map { failure in
                    var failure = failure
                    failure.problem = Self.short(failure.problem)
                    return failure
                }
                try await connection.query(
                    """
                    UPDATE feed_runs
                    SET state = $2::run_state, error = $3, offered = $4, read = $5, requests = $6, findings = $7,
                        failures = $8::jsonb, finished_at = clock_timestamp()
                    WHERE id = $1 AND state = 'running'
                    """,
                    [
                        run, end.state.rawValue, end.error.map(Self.short), end.offered, end.read, end.requests,
                        PostgresArray(end.findings.prefix(Self.mostTexts).map(Self.short)),
                        try FeedTexts.text(Array(failures)),
                    ])
                guard isScored, let found = try await unscored(dataset, on: connection) else { return nil }
                let (scoring, _) = try await JobQueue(connection, sql: sql).enqueue(
                    .score(found.order), trigger: end.trigger, key: "feed run \(run)")
                try await noteScored(found, by: scoring, on: connection)
                return scoring
            }
        }
    }

    /// Rows that runs of feeds brought into a dataset and nobody has scored.
    package struct Unscored: Sendable {
        /// The order of a run that scores it.
        package let order: RunOrder
        fileprivate let runs: [Int64]
    }

    /// The order to score what runs of feeds brought into a dataset and nobody has scored; `nil` when there is nothing,
    /// and for a dataset of expenditures.
    /// A run that is under way has it scored itself.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset; `PostgresError`.
    package func unscored(_ slug: Slug, on connection: PostgresConnection) async throws -> Unscored? {
        let rows = try await connection.query(
            """
            SELECT normalization, score_from, id FROM feed_runs
            WHERE dataset = $1 AND score_run IS NULL AND accepted + removed > 0 AND state <> 'running'
            ORDER BY id
            FOR UPDATE
            """, [slug])
        guard var fields = rows.first?.fields else { return nil }
        let dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
        guard dataset.holds == .events else { return nil }
        let normalization = Normalization(rawValue: try fields.next("normalization")) ?? .minmax
        return Unscored(
            // The first of them knows how the dataset was scored before all of them.
            order: RunOrder(
                dataset: slug, resolutions: dataset.resolutions, from: try fields.next("score_from"),
                normalization: normalization, refresh: true),
            runs: try rows.map { try $0.get(2) })
    }

    /// Records which run scores what was found.
    /// - Throws: `PostgresError`.
    package func noteScored(_ found: Unscored, by run: Int64, on connection: PostgresConnection) async throws {
        try await connection.query(
            "UPDATE feed_runs SET score_run = $2 WHERE id = ANY ($1::bigint[])", [PostgresArray(found.runs), run])
    }

    private static func short(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(text.prefix(longestText / 4)) + "…"
    }
}
