package import Domain
import Postgres

extension IngestStore {
    /// Dead letters that are read again.
    package struct Letters: Sendable {
        package let dataset: Slug
        /// The header line of their file; empty where its format has none.
        package let header: String
        /// How the sender said the file is written.
        package let dialect: StatedDialect
        package let letters: [StoredDeadLetter]
    }

    /// Lets `read` turn the open dead letters of a batch into events, and stores these as rows of the batch in one
    /// transaction.
    ///
    /// - Parameters:
    ///   - reason: Only letters with this reason code; `nil` for all.
    ///   - identity: How events without an id are recognised.
    ///   - makes: What the mapping makes.
    ///   - requester: The account whose right to the dataset must last until the events are stored; `nil` for none.
    ///   - lease: The lease of the job that does it. Without it nothing is stored.
    ///   - read: Called with some letters at a time. It returns their events and the ids of the letters that could be
    ///     read. Events of rows that were stored in the meantime, from the same file under a better mapping, are
    ///     duplicates.
    /// - Throws: `StorageError` with code `.batch` when there is no such batch, `.failedBatch` when it failed, `.busy`
    ///   while its dataset is being written and `.right` when the requester lost the right; `PostgresError`; what
    ///   `read` throws.
    package func remediate(
        batch: Int64, reason: String?, identity: RowIdentity = .file, makes: DatasetContents = .events,
        by requester: Requester? = nil,
        lease: JobLease? = nil,
        _ read: @escaping @Sendable (Letters) async throws -> (events: EventChunk, letters: [Int64])
    ) async throws -> Remediation {
        try await PostgresConnection.withConnection(options) { connection in
            let rows = try await connection.query(
                """
                SELECT state::text, dataset, header, encode(sha256, 'hex') AS sha256, content,
                    dialect->>'format' AS format, dialect->>'encoding' AS encoding, dialect->>'delimiter' AS delimiter,
                    dialect->>'decimal' AS decimal
                FROM ingest_batches WHERE id = $1
                """, [batch])
            guard var fields = rows.first?.fields else { throw StorageError(.batch, "there is no batch \(batch)") }
            guard try fields.next("state") != "failed" else {
                throw StorageError(
                    .failedBatch,
                    "batch \(batch) failed, so nothing can be added to it: send its file again with a better mapping")
            }
            let dataset: Slug = try fields.next("dataset")
            let header: String = try fields.next("header")
            let sha256: String = try fields.next("sha256")
            let content: [UInt8]? = try fields.next("content")
            let dialect = StatedDialect(
                format: try fields.next("format"), encoding: try fields.next("encoding"),
                delimiter: try fields.next("delimiter"), decimal: try fields.next("decimal"))
            try await lock(dataset, on: connection)
            return try await connection.transaction { connection in
                try await holdPartitions(on: connection)
                var scope = BatchScope(
                    dataset: dataset, zone: try await zone(of: dataset, on: connection), batch: batch,
                    identity: identity)
                scope.holds = try await holds(dataset, on: connection)
                guard scope.holds == makes else {
                    throw StorageError(
                        .contents,
                        "the dataset \(dataset) holds \(scope.holds.rawValue), and the mapping makes \(makes.rawValue)")
                }
                let writer = BatchWriter(
                    lead: connection, scope: scope,
                    known: try await KnownRows.load(
                        connection, dataset: dataset, sha256: sha256, content: content, sql: sql),
                    partitions: try await EventPartitions.load(connection), sql: sql)
                let records = IngestRecords(connection, sql: sql)
                var outcome = Remediation(batch: batch)
                var done: [Int64] = []
                let query = DeadLetterQuery(batch: batch, reason: reason)
                var page = PageRequest<StoredDeadLetter>(limit: 1000)
                repeat {
                    // The writer may have an open COPY, during which the connection accepts no other statement.
                    try await writer.pause()
                    let found = try await records.deadLetters(query, page)
                    outcome.examined += found.rows.count
                    let (events, read) = try await read(
                        Letters(dataset: dataset, header: header, dialect: dialect, letters: found.rows))
                    done += read
                    try await writer.write(events)
                    page.after = found.next
                } while page.after != nil
                let written = try await writer.finish().counts
                let judge = await writer.judge
                outcome.remedies = judge.quality.remedies
                try await Self.record(judge, batch: batch, isEnd: false, sql: sql, on: connection)
                outcome.accepted = written.accepted
                outcome.remediated = done.count
                try await connection.query(
                    sql[.deadLetterMark], [batch, PostgresArray(done), written.received, written.accepted])
                try await requester?.holdRight(to: dataset, on: connection)
                try await lease?.hold(on: connection)
                return outcome
            }
        }
    }
}
