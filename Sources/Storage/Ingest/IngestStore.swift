package import Domain
import Foundation
package import Postgres

/// Stores batches. A batch is written in one transaction, or in several that are committed one after the other at its
/// end.
package struct IngestStore: Sendable {
    let options: PostgresOptions
    let sql: SQLFiles
    private let connections: Int
    private let letters: LetterAllowance

    /// - Parameters:
    ///   - letters: How many dead letters of one file are kept in full.
    ///   - connections: How many may write a batch. The server mostly has as many cores as this machine. More
    ///     than four were not measured.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, letters: LetterAllowance = LetterAllowance(),
        connections: Int = min(max(ProcessInfo.processInfo.activeProcessorCount, 2), 4)
    ) {
        self.connections = connections
        self.letters = letters
        var options = options
        // Otherwise the server would go on building indexes for a process that died, and keep its lock meanwhile.
        options.settings["client_connection_check_interval"] = "1000"
        self.options = options
        self.sql = sql
    }

    /// The file of a batch, and who sent it.
    package struct Upload: Sendable {
        package var dataset: Slug
        /// Where the file came from, in words for people.
        package var source: String
        /// The SHA-256 of the content, in hexadecimal.
        package var sha256: String
        /// The name of the mapping.
        package var mapping: String
        /// How the sender says the file is written.
        package var dialect: StatedDialect
        /// How rows without an id are recognised.
        package var identity: RowIdentity
        /// The account whose right to the dataset must last until the batch is stored; `nil` for none.
        package var requester: Requester?
        /// The sender's idempotency key, with the sender's name in it.
        package var key: String?
        /// The feed part that the rows are of; `nil` for a file or an upload.
        package var feed: FeedBatch?
        /// The messages that the rows are of; `nil` for anything else.
        package var stream: StreamBatch?
        /// Expectations that the batch is compared with.
        package var expect = Expectations()
        /// The job that brings it; `nil` for a command or a request.
        package var job: Int64?
        /// The kind of records that its mapping makes.
        package var makes = DatasetContents.events

        package init(
            dataset: Slug, source: String, sha256: String, mapping: String,
            dialect: StatedDialect = StatedDialect(), identity: RowIdentity = .file, requester: Requester? = nil,
            key: String? = nil, feed: FeedBatch? = nil
        ) {
            self.dataset = dataset
            self.source = source
            self.sha256 = sha256
            self.mapping = mapping
            self.dialect = dialect
            self.identity = identity
            self.requester = requester
            self.key = key
            self.feed = feed
        }
    }

    /// The finished batch of an upload with the same key; `nil` without a key or when there is none.
    /// - Throws: `StorageError` with code `.conflict` when the key was used for another file or mapping;
    ///   `PostgresError`.
    package func earlier(_ upload: Upload) async throws -> Int64? {
        try await PostgresConnection.withConnection(options) { try await earlier(upload, on: $0) }
    }

    private func earlier(_ upload: Upload, on connection: PostgresConnection) async throws -> Int64? {
        guard let key = upload.key else { return nil }
        let found = try await connection.query(
            """
            SELECT id, encode(sha256, 'hex') = $3 AND mapping = $4 AS is_same FROM ingest_batches
            WHERE dataset = $1 AND idempotency_key = $2 AND state = 'finished'
            """, [upload.dataset, key, upload.sha256, upload.mapping])
        guard var fields = found.first?.fields else { return nil }
        let batch: Int64 = try fields.next("id")
        guard try fields.next("is_same") == true else {
            throw StorageError(.conflict, "the key was used for another file or mapping")
        }
        return batch
    }

    /// Opens a batch, lets `write` fill it, and closes it with its counts.
    ///
    /// If `write` throws, no event and no dead letter of the batch is stored, and the batch is marked as failed. Only
    /// after ``TooManyRejects`` the first letters and the counts are kept. If the process or the server dies while the
    /// connections commit, the parts that were committed stay, the batch counts only them, and the next ingest of the
    /// same file stores what is missing. Only one ingest per dataset can run at a time.
    ///
    /// - Throws: `StorageError` with code `.busy` while another ingest of the dataset runs, `.right` when the requester
    ///   lost the right, `.repeated` when an upload with the same key was stored in the meantime, and `.dataset` when
    ///   there is no such dataset; ``TooManyRejects``; `PostgresError`; what `write` throws.
    package func ingest(
        _ upload: Upload, _ write: @escaping @Sendable (BatchWriter) async throws -> Void
    ) async throws -> BatchOutcome {
        try await PostgresConnection.withConnection(options) { connection in
            try await ingest(upload, on: connection, write)
        }
    }

    private func ingest(
        _ upload: Upload, on connection: PostgresConnection,
        _ write: @escaping @Sendable (BatchWriter) async throws -> Void
    ) async throws -> BatchOutcome {
        try await lock(upload.dataset, on: connection)
        // Another upload with the key may have finished between the first look and the lock.
        if try await earlier(upload, on: connection) != nil {
            throw StorageError(.repeated, "an upload with this key was stored a moment ago")
        }
        let batch = try await open(upload, on: connection)
        do {
            return try await connection.transaction { connection in
                try await fill(batch, upload, on: connection, write)
            }
        } catch {
            // Runs in a new task: the sender may have left and cancelled this one, but the batch must be marked as
            // failed.
            throw await Task { await FailedBatch(options, batch: batch).record(error) }.value
        }
    }

    /// The time that the parts of a process that died may take to be committed or rolled back.
    private static let partPatience = Duration.seconds(10)

    func lock(_ dataset: Slug, on connection: PostgresConnection) async throws {
        guard try await connection.takeLock("hextant ingest \(dataset)") else {
            throw StorageError(.busy, "another ingest into \(dataset) is running: wait until it ends, or stop it")
        }
        // The rows of parts that are being committed are known only afterwards.
        guard try await connection.waitForLock("hextant ingest part \(dataset)", Self.partPatience) else {
            throw StorageError(.busy, "an interrupted ingest into \(dataset) is still being cleaned up: try again")
        }
    }

    /// Keeps partitions from being dropped or merged until the transaction ends: the batch counts on those that it
    /// finds.
    func holdPartitions(on connection: PostgresConnection) async throws {
        try await connection.query(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended('hextant partitions', 0))")
    }

    private func openPart(_ dataset: Slug) async throws -> PostgresConnection {
        // This connection should never wait for a lock. If it does, it may wait for the leading one, which waits for
        // it.
        let connection = try await PostgresConnection(options.withLockTimeout)
        do {
            try await connection.execute("BEGIN")
            try await connection.query(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended('hextant ingest part ' || $1, 0))", [dataset])
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }

    private func fill(
        _ batch: Int64, _ upload: Upload, on connection: PostgresConnection,
        _ write: @Sendable (BatchWriter) async throws -> Void
    ) async throws -> BatchOutcome {
        try await upload.stream?.hold(in: upload.dataset, on: connection)
        try await holdPartitions(on: connection)
        var known = KnownRows()
        // A part that is read as a whole is compared with its own events, wherever the same rows are stored besides.
        if upload.feed?.isWhole != true {
            known = try await KnownRows.load(
                connection, dataset: upload.dataset, sha256: upload.sha256, new: batch, sql: sql)
        }
        // Dead letters of a feed are known by their texts.
        if upload.feed != nil { known.deadLetters = RowSet() }
        let others = try await connection.query(
            "SELECT EXISTS (SELECT FROM ingest_batches WHERE dataset = $1 AND id <> $2 AND accepted > 0)",
            [upload.dataset, batch])
        let holds = try await holds(upload.dataset, on: connection)
        guard holds == upload.makes else {
            throw StorageError(
                .contents,
                "the dataset \(upload.dataset) holds \(holds.rawValue), and the mapping \(upload.mapping) makes "
                    + "\(upload.makes.rawValue)")
        }
        var scope = BatchScope(
            dataset: upload.dataset, zone: try await zone(of: upload.dataset, on: connection), batch: batch,
            identity: upload.feed?.isWhole == true ? .file : upload.identity, sha256: upload.sha256,
            hasOthers: try others[0].get(0), feed: upload.feed, isStream: upload.stream != nil,
            isHeld: try await isHeld(upload, on: connection))
        scope.holds = holds
        if holds == .expenditures {
            scope.isFresh = try await connection.query(
                "SELECT NOT EXISTS (SELECT FROM expenditures WHERE dataset = $1)", [upload.dataset])[0].get(0)
        }
        let writer = BatchWriter(
            lead: connection, scope: scope, known: known, partitions: try await EventPartitions.load(connection),
            sql: sql, letters: letters,
            // The rows of a feed and its checkpoint are stored by one transaction, and so are those of a stream.
            helperLimit: upload.feed == nil && upload.stream == nil ? connections - 1 : 0,
            openHelper: { try await openPart(upload.dataset) },
            beforeCommit: { try await upload.requester?.holdRight(to: upload.dataset, on: connection) })
        do {
            try await write(writer)
            var outcome = try await writer.finish()
            let judge = await writer.judge
            outcome.remedies = judge.quality.remedies
            outcome.findings = try await findings(
                outcome.counts, judge, upload, batch: batch, on: connection)
            try await record(judge, outcome.findings, upload, batch: batch, on: connection)
            try await upload.stream?.advance(outcome, in: upload.dataset, on: connection)
            let content = await writer.content
            try await close(
                outcome, header: await writer.header,
                // Messages are no file that could come again.
                content: upload.stream == nil ? content : nil, sha256: upload.sha256, on: connection)
            return outcome
        } catch {
            await writer.abandon()
            throw error
        }
    }

    /// Whether an earlier batch of an upload's feed part brought rows.
    private func isHeld(_ upload: Upload, on connection: PostgresConnection) async throws -> Bool {
        guard let feed = upload.feed else { return false }
        return try await connection.query(
            """
            SELECT EXISTS (
                SELECT FROM feed_checkpoints
                WHERE dataset = $1 AND feed = $2 AND part = $3 AND batch IS NOT NULL)
            """, [upload.dataset, feed.feed, feed.part])[0].get(0)
    }

    /// The kind of records of a dataset.
    func holds(_ dataset: Slug, on connection: PostgresConnection) async throws -> DatasetContents {
        let rows = try await connection.query("SELECT holds FROM datasets WHERE slug = $1", [dataset])
        guard let row = rows.first else { throw StorageError.noDataset(dataset) }
        return DatasetContents(rawValue: try row.get(0)) ?? .events
    }

    /// The time zone of a dataset, in which its days begin; UTC when this machine does not know it.
    func zone(of dataset: Slug, on connection: PostgresConnection) async throws -> ZoneOffsets {
        let rows = try await connection.query("SELECT time_zone FROM datasets WHERE slug = $1", [dataset])
        guard let row = rows.first else { throw StorageError.noDataset(dataset) }
        guard let zone = ZoneOffsets(identifier: try row.get(0)) ?? ZoneOffsets(identifier: "UTC") else {
            preconditionFailure("UTC is a time zone")
        }
        return zone
    }

    /// Records the batch as running. The lock is held, so any other running batch was left behind by a process that
    /// died.
    private func open(_ upload: Upload, on connection: PostgresConnection) async throws -> Int64 {
        try await connection.query(
            """
            UPDATE ingest_batches SET state = 'failed', error = 'interrupted', finished_at = now()
            WHERE dataset = $1 AND state = 'running'
            """, [upload.dataset])
        let rows = try await connection.query(
            """
            INSERT INTO ingest_batches (
                dataset, source, sha256, mapping, idempotency_key, dialect, feed, feed_part, source_address,
                retrieved_at)
            SELECT slug, $2, decode($3, 'hex'), $4, $5, jsonb_strip_nulls(jsonb_build_object(
                'format', $6::text, 'encoding', $7::text, 'delimiter', $8::text, 'decimal', $9::text)),
                $10, $11, $12, $13
            FROM datasets WHERE slug = $1
            RETURNING id
            """,
            [
                upload.dataset, upload.source, upload.sha256, upload.mapping, upload.key, upload.dialect.format,
                upload.dialect.encoding, upload.dialect.delimiter, upload.dialect.decimal, upload.feed?.feed,
                upload.feed?.part, upload.feed?.url, upload.feed?.retrieved,
            ])
        guard let row = rows.first else { throw StorageError.noDataset(upload.dataset) }
        return try row.get(0)
    }

    private func close(
        _ outcome: BatchOutcome, header: String, content: ContentDigest?, sha256: String,
        on connection: PostgresConnection
    ) async throws {
        let counts = outcome.counts
        try await connection.query(
            """
            UPDATE ingest_batches
            SET state = 'finished', received = $2, accepted = $3, duplicate = $4, rejected = $5, filtered = $6,
                header = $7, rejected_by_reason = $8::jsonb, dead_letters_omitted = $9, warnings = $10,
                finished_at = now()
            WHERE id = $1
            """,
            [
                outcome.batch, counts.received, counts.accepted, counts.duplicate, counts.rejected, counts.filtered,
                header, try BatchReasons.text(counts.rejects ?? RejectCounts()), counts.deadLettersOmitted,
                PostgresArray(outcome.warnings),
            ])
        guard let content else { return }
        // Batches of the same bytes get the digest too: an earlier release recorded none.
        try await connection.query(
            """
            UPDATE ingest_batches b SET content = $3, content_start = $4
            FROM ingest_batches own
            WHERE own.id = $1 AND b.dataset = own.dataset AND b.sha256 = decode($2, 'hex')
                AND (b.id = $1 OR b.content IS NULL)
            """, [outcome.batch, sha256, PostgresBytes(content.whole), PostgresBytes(content.start)])
    }
}
