import Foundation
package import Postgres
package import Risk

/// Keeps batches, each written in one transaction or in several that are committed one after the other at its end.
package struct IngestStore: Sendable {
    let options: PostgresOptions
    let sql: SQLFiles
    private let sessions: Int
    private let letters: LetterAllowance

    /// - Parameters:
    ///   - letters: how many dead letters of one file are kept in full.
    ///   - sessions: how many a batch may be written by; the server mostly has as many cores as we see, and more than
    ///     four were never measured.
    package init(
        _ options: PostgresOptions, sql: SQLFiles, letters: LetterAllowance = LetterAllowance(),
        sessions: Int = min(max(ProcessInfo.processInfo.activeProcessorCount, 2), 4)
    ) {
        self.sessions = sessions
        self.letters = letters
        var options = options
        // Else a server would go on building indexes for a process that died, and hold its lock meanwhile.
        options.settings["client_connection_check_interval"] = "1000"
        self.options = options
        self.sql = sql
    }

    /// What is being read.
    package struct Upload: Sendable {
        /// Slug of an existing dataset.
        package var dataset: String
        /// Where it came from, for people.
        package var source: String
        /// Of its content, in hexadecimal.
        package var sha256: String
        /// Name of the mapping it is read by.
        package var mapping: String
        /// As its sender says it is written.
        package var dialect: StatedDialect
        /// Whose right to the dataset has to last until the batch is stored; `nil` is nobody's.
        package var requester: Requester?
        /// The sender's key for it, scoped by who that is.
        package var key: String?

        package init(
            dataset: String, source: String, sha256: String, mapping: String,
            dialect: StatedDialect = StatedDialect(), requester: Requester? = nil, key: String? = nil
        ) {
            self.dataset = dataset
            self.source = source
            self.sha256 = sha256
            self.mapping = mapping
            self.dialect = dialect
            self.requester = requester
            self.key = key
        }
    }

    /// The finished batch that an upload with the same key made; `nil` without a key and when it is new.
    /// - Throws: `StorageError` with code `.conflict` when the key stands for another file or mapping.
    package func earlier(_ upload: Upload) async throws -> Int64? {
        try await PostgresConnection.withSession(options) { try await earlier(upload, on: $0) }
    }

    private func earlier(_ upload: Upload, on connection: PostgresConnection) async throws -> Int64? {
        guard let key = upload.key else { return nil }
        let found = try await connection.query(
            """
            SELECT id, encode(sha256, 'hex') = $3 AND mapping = $4 FROM ingest_batches
            WHERE dataset = $1 AND idempotency_key = $2 AND state = 'finished'
            """, [upload.dataset, key, upload.sha256, upload.mapping])
        guard let row = found.first else { return nil }
        guard try row.get(1) == true else {
            throw StorageError(.conflict, "the key was used for another file, or another mapping")
        }
        return try row.get(0)
    }

    /// Opens a batch, lets `write` fill it, and closes it with its counts.
    ///
    /// If `write` throws, no event and no dead letter of the batch is kept; the batch itself stays as failed. Only of
    /// ``TooManyRejects`` it keeps the first letters and what was counted. If the process or
    /// the server dies while the sessions commit, the parts that were committed stay, with the batch's counts being
    /// theirs, and the next ingest of the same content stores what is missing. One ingest at a time per dataset: a
    /// second one throws `StorageError` with code `.busy`; `.right` when the requester's right has ended before the
    /// end, and `.repeated` when an upload with the same key was stored meanwhile.
    package func ingest(
        _ upload: Upload, _ write: @escaping @Sendable (BatchWriter) async throws -> Void
    ) async throws -> BatchOutcome {
        try await PostgresConnection.withSession(options) { connection in
            try await ingest(upload, on: connection, write)
        }
    }

    private func ingest(
        _ upload: Upload, on connection: PostgresConnection,
        _ write: @escaping @Sendable (BatchWriter) async throws -> Void
    ) async throws -> BatchOutcome {
        try await lock(upload.dataset, on: connection)
        // Another one with the key may have ended between the look before and the lock.
        if try await earlier(upload, on: connection) != nil {
            throw StorageError(.repeated, "an upload with this key was stored just now")
        }
        let batch = try await open(upload, on: connection)
        do {
            return try await connection.transaction { connection in
                try await fill(batch, upload, on: connection, write)
            }
        } catch {
            // In a task of its own: whoever sent the file may have left, and the batch must say so nevertheless.
            throw await Task { await FailedBatch(options, batch: batch).record(error) }.value
        }
    }

    /// How long the parts of a process that died may take to be committed or given up.
    private static let partPatience = Duration.seconds(10)

    func lock(_ dataset: String, on connection: PostgresConnection) async throws {
        guard try await connection.takeLock("hextant ingest \(dataset)") else {
            throw StorageError(.busy, "another ingest into \(dataset) is running: wait for it or stop it")
        }
        // What parts hold that are still being committed is known only after.
        guard try await connection.waitForLock("hextant ingest part \(dataset)", Self.partPatience) else {
            throw StorageError(.busy, "an ingest into \(dataset) that was cut off is still being ended: try again")
        }
    }

    private func openPart(_ dataset: String) async throws -> PostgresConnection {
        var options = options
        // Such a session waits for nobody but by mishap, and then perhaps for the leading one, which waits for it.
        options.settings["lock_timeout"] = "60000"
        let connection = try await PostgresConnection(options)
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
        let known = try await KnownRows.load(
            connection, dataset: upload.dataset, sha256: upload.sha256, new: batch)
        let writer = BatchWriter(
            lead: connection, dataset: upload.dataset, batch: batch, known: known,
            chunks: try await EventChunks.load(connection), sql: sql, letters: letters, helperLimit: sessions - 1,
            openHelper: { try await openPart(upload.dataset) },
            beforeCommit: { try await upload.requester?.holdRight(to: upload.dataset, on: connection) })
        do {
            try await write(writer)
            let outcome = try await writer.finish()
            try await close(outcome, header: await writer.header, on: connection)
            return outcome
        } catch {
            await writer.abandon()
            throw error
        }
    }

    /// Records the batch as running. Under the lock any other running one was left behind by a process that died.
    private func open(_ upload: Upload, on connection: PostgresConnection) async throws -> Int64 {
        try await connection.query(
            """
            UPDATE ingest_batches SET state = 'failed', error = 'interrupted', finished_at = now()
            WHERE dataset = $1 AND state = 'running'
            """, [upload.dataset])
        let rows = try await connection.query(
            """
            INSERT INTO ingest_batches (dataset, source, sha256, mapping, idempotency_key, dialect)
            SELECT slug, $2, decode($3, 'hex'), $4, $5, jsonb_strip_nulls(jsonb_build_object(
                'format', $6::text, 'encoding', $7::text, 'delimiter', $8::text, 'decimal', $9::text))
            FROM datasets WHERE slug = $1
            RETURNING id
            """,
            [
                upload.dataset, upload.source, upload.sha256, upload.mapping, upload.key, upload.dialect.format,
                upload.dialect.encoding, upload.dialect.delimiter, upload.dialect.decimal,
            ])
        guard let row = rows.first else { throw StorageError.noDataset(upload.dataset) }
        return try row.get(0)
    }

    private func close(_ outcome: BatchOutcome, header: String, on connection: PostgresConnection) async throws {
        try await connection.query(
            """
            UPDATE ingest_batches
            SET state = 'finished', received = $2, accepted = $3, duplicate = $4, rejected = $5, filtered = $6,
                header = $7, rejected_by_reason = $8::jsonb, dead_letters_omitted = $9, finished_at = now()
            WHERE id = $1
            """,
            [
                outcome.batch, outcome.received, outcome.accepted, outcome.duplicate, outcome.rejected,
                outcome.filtered, header, try BatchReasons.text(outcome.rejects.byReason), outcome.lettersOmitted,
            ])
    }
}
