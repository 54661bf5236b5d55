package import Domain
import Foundation
import Postgres

/// Reads what is held of feeds, and their runs.
package struct FeedRecords: Sendable {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// The version and state of each part that is held, by its name.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func checkpoints(
        of feed: Slug, in dataset: Slug
    ) async throws -> [String: (version: String, state: String)] {
        let rows = try await database.query(
            "SELECT part, version, state FROM feed_checkpoints WHERE dataset = $1 AND feed = $2", [dataset, feed])
        var held: [String: (version: String, state: String)] = [:]
        for row in rows {
            var fields = row.fields
            let part: String = try fields.next("part")
            held[part] = (try fields.next("version"), try fields.next("state"))
        }
        return held
    }

    /// A page of the parts that are held, by name.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func checkpoints(
        of feed: Slug, in dataset: Slug, _ page: PageRequest<FeedCheckpointRecord>
    ) async throws -> Page<FeedCheckpointRecord> {
        let rows = try await database.query(
            """
            SELECT part, version, state, batch, rows, read_at
            FROM feed_checkpoints
            WHERE dataset = $1 AND feed = $2 AND part > $3
            ORDER BY part
            LIMIT $4
            """, [dataset, feed, page.after ?? "", page.wanted])
        return Page(
            try rows.map { row in
                var fields = row.fields
                return FeedCheckpointRecord(
                    part: try fields.next("part"), version: try fields.next("version"),
                    state: try fields.next("state"), batch: try fields.next("batch"), rows: try fields.next("rows"),
                    read: try fields.next("read_at"))
            }, of: page)
    }

    /// The state of feeds, by name. A feed that never ran has one, too.
    ///
    /// - Parameter feeds: Their names with their datasets.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func status(of feeds: [(feed: Slug, dataset: Slug)]) async throws -> [FeedRecord] {
        guard !feeds.isEmpty else { return [] }
        return try await database.query(
            sql[.feedStatus],
            [PostgresArray(feeds.map(\.feed.text)), PostgresArray(feeds.map(\.dataset.text))]
        ).map(Self.record)
    }

    /// When the newest run with a trigger began.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func lastStart(trigger: String, of feed: Slug) async throws -> Instant? {
        try await database.query(
            "SELECT max(started_at) FROM feed_runs WHERE feed = $1 AND trigger = $2", [feed, trigger])[0].get(0)
    }

    private static func record(_ row: PostgresRow) throws -> FeedRecord {
        var fields = row.fields
        var record = FeedRecord(
            feed: try fields.next("feed"), dataset: try fields.next("dataset"),
            hasDataset: try fields.next("has_dataset"), parts: try fields.next("parts"),
            lastRead: try fields.next("last_read"), newestEvent: try fields.next("newest_event"),
            accepted: try fields.next("accepted"), rejected: try fields.next("rejected"),
            lastSuccess: try fields.next("last_success"))
        guard let id = try fields.next("id", as: Int64?.self) else { return record }
        record.lastRun = FeedRunRecord(
            id: id, run: try fields.next("run"), trigger: try fields.next("trigger"),
            state: try fields.next("state"), error: try fields.next("error"), offered: try fields.next("offered"),
            read: try fields.next("read"), requests: try fields.next("requests"),
            batches: try fields.next("batches"), accepted: try fields.next("run_accepted"),
            duplicate: try fields.next("duplicate"), rejected: try fields.next("run_rejected"),
            removed: try fields.next("removed"),
            findings: try FeedTexts.findings(try fields.next("findings")),
            failures: try FeedTexts.failures(try fields.next("failures")), started: try fields.next("started_at"),
            finished: try fields.next("finished_at"), scoreRun: try fields.next("score_run"))
        return record
    }
}

/// The findings and failures of a run as JSON.
enum FeedTexts {
    static func findings(_ json: String) throws(PostgresError) -> [String] { try read(json) }

    static func failures(_ json: String) throws(PostgresError) -> [FeedRunRecord.Failure] { try read(json) }

    static func text(_ failures: [FeedRunRecord.Failure]) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(failures), as: UTF8.self)
    }

    private static func read<Value: Decodable>(_ json: String) throws(PostgresError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Value.self, from: Data(json.utf8))
        } catch {
            throw PostgresError(.decoding, "the findings or failures of a feed's run cannot be read")
        }
    }
}
