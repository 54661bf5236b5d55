import Postgres
package import Risk

/// Writes one batch by binary COPY, inside a transaction that its owner opened.
package actor BatchWriter: EventSink {
    let connection: PostgresConnection
    let rowEncoder: EventRowEncoder
    private let datasetSlug: String
    private let mergeIdentities: String
    let indexesOfNewChunks: String
    /// What earlier batches with the same content stored.
    private let known: KnownRows
    private var outcome: BatchOutcome
    private var hasIdentities = false
    private var dirtyDays = DirtyDays()
    private var letters = CopyBuffer()
    /// The COPY that is under way; it is kept open from chunk to chunk, since the server opens the tables and indexes that
    /// rows go to anew with each.
    private var copy: (target: CopyTarget, writer: CopyWriter)?
    var chunks = NewChunks()

    init(
        connection: PostgresConnection, dataset: String, batch: Int64, known: KnownRows, sql: SQLFiles
    ) {
        self.connection = connection
        rowEncoder = EventRowEncoder(dataset: dataset, batch: batch)
        datasetSlug = dataset
        mergeIdentities = sql[.identitiesMerge]
        indexesOfNewChunks = sql[.batchNewChunkIndexes]
        self.known = known
        outcome = BatchOutcome(batch: batch)
    }

    package func begin(header: String) async throws {
        try await connection.query("UPDATE ingest_batches SET header = $2 WHERE id = $1", [outcome.batch, header])
    }

    package func write(_ chunk: EventChunk) async throws {
        var rows = CopyBuffer(reserving: chunk.count * 160)
        var incoming = CopyBuffer()
        for row in 0..<chunk.count {
            if !chunk.eventIDs.range(at: row).isEmpty {
                dirtyDays.add(chunk.timestamps[row])
                rowEncoder.append(chunk, row, hasIdentity: true, to: &incoming)
                continue
            }
            guard !known.rows.contains(chunk.rowNumbers[row]) else { continue }
            outcome.accepted += 1
            dirtyDays.add(chunk.timestamps[row])
            rowEncoder.append(chunk, row, hasIdentity: false, to: &rows)
            chunks.count(chunk.timestamps[row])
        }
        for letter in chunk.deadLetters where !known.deadLetters.contains(letter.rowNumber) {
            rowEncoder.append(letter, to: &letters)
        }
        outcome.received += Int64(chunk.received)
        outcome.rejected += Int64(chunk.deadLetters.count)
        outcome.filtered += Int64(chunk.filtered)
        try await send(rows, to: .events)
        if !chunks.grown.isEmpty {
            try await endCopy()
            try await takeIndexesAway()
        }
        if !incoming.isEmpty { try await prepareIncoming() }
        try await send(incoming, to: .incoming)
        if letters.bytes.count > Self.lettersKept { try await sendLetters() }
    }

    /// Leaves the session free for other statements until the next write.
    func pause() async throws {
        try await endCopy()
    }

    /// Brings rows with ids in place of their older versions; to be called once, after the last chunk.
    func finish() async throws -> BatchOutcome {
        try await sendLetters()
        try await endCopy()
        if hasIdentities {
            let merged = try await connection.query(mergeIdentities, [datasetSlug, outcome.batch])
            outcome.accepted += Int64(merged.affected)
        }
        try await buildIndexes()
        outcome.duplicate = outcome.received - outcome.rejected - outcome.accepted
        if outcome.accepted > 0 { try await dirtyDays.mark(datasetSlug, on: connection) }
        return outcome
    }

    /// Bytes of dead letters that are held back, so that a bad record here and there does not break up the COPY of events.
    private static let lettersKept = 1 << 20

    private func prepareIncoming() async throws {
        guard !hasIdentities else { return }
        hasIdentities = true
        try await endCopy()
        try await connection.execute(
            """
            CREATE TEMP TABLE incoming (
                event_id text, event_type text, event_timestamp timestamptz, geom geometry(Point, 4326),
                attributes_json jsonb, row_number bigint
            ) ON COMMIT DROP
            """)
    }

    private func sendLetters() async throws {
        try await send(letters, to: .deadLetters)
        letters.removeAll()
    }

    private func send(_ rows: CopyBuffer, to target: CopyTarget) async throws {
        guard !rows.isEmpty else { return }
        if copy?.target != target {
            try await endCopy()
            copy = (target, try await connection.openCopyIn(target.statement))
        }
        try await copy?.writer.write(rows)
    }

    private func endCopy() async throws {
        guard let writer = copy?.writer else { return }
        copy = nil
        try await writer.finish()
    }
}
