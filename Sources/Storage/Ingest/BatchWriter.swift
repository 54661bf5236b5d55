import Postgres
package import Risk

/// Writes one batch by binary COPY, inside a transaction that its owner opened.
package actor BatchWriter: EventSink {
    private let connection: PostgresConnection
    private let dataset: [UInt8]
    private let datasetSlug: String
    private let mergeIdentities: String
    /// What earlier batches with the same content stored.
    private let known: KnownRows
    private var outcome: BatchOutcome
    private var hasIdentities = false
    private var dirtyDays = DirtyDays()

    init(
        connection: PostgresConnection, dataset: String, batch: Int64, known: KnownRows, mergeIdentities: String
    ) {
        self.connection = connection
        self.dataset = Array(dataset.utf8)
        datasetSlug = dataset
        self.mergeIdentities = mergeIdentities
        self.known = known
        outcome = BatchOutcome(batch: batch)
    }

    package func write(_ chunk: EventChunk) async throws {
        var rows = CopyBuffer(reserving: chunk.count * 160)
        var incoming = CopyBuffer()
        var letters = CopyBuffer()
        var copied: Int64 = 0
        for row in 0..<chunk.count {
            if !chunk.eventIDs.range(at: row).isEmpty {
                append(chunk, row, to: &incoming, hasIdentity: true)
            } else if !known.rows.contains(chunk.rowNumbers[row]) {
                append(chunk, row, to: &rows, hasIdentity: false)
                copied += 1
            }
        }
        for letter in chunk.deadLetters where !known.deadLetters.contains(letter.rowNumber) {
            append(letter, to: &letters)
        }
        outcome.received += Int64(chunk.received)
        outcome.rejected += Int64(chunk.deadLetters.count)
        outcome.accepted += copied
        if !incoming.isEmpty { try await prepareIncoming() }
        try await copy(rows, Self.copyEvents)
        try await copy(incoming, Self.copyIncoming)
        try await copy(letters, Self.copyDeadLetters)
    }

    /// Brings rows with ids in place of their older versions; to be called once, after the last chunk.
    func finish() async throws -> BatchOutcome {
        if hasIdentities {
            let merged = try await connection.query(mergeIdentities, [datasetSlug, outcome.batch])
            outcome.accepted += Int64(merged.affected)
        }
        if outcome.accepted > 0 { try await dirtyDays.mark(datasetSlug, on: connection) }
        outcome.duplicate = outcome.received - outcome.rejected - outcome.accepted
        return outcome
    }

    private static let copyEvents = """
        COPY events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number) \
        FROM STDIN (FORMAT binary)
        """
    private static let copyIncoming = """
        COPY incoming (event_id, event_type, event_timestamp, geom, attributes_json, row_number) \
        FROM STDIN (FORMAT binary)
        """
    private static let copyDeadLetters = """
        COPY dead_letters (batch, row_number, line_number, raw, reason, detail) FROM STDIN (FORMAT binary)
        """

    private func prepareIncoming() async throws {
        guard !hasIdentities else { return }
        hasIdentities = true
        try await connection.execute(
            """
            CREATE TEMP TABLE incoming (
                event_id text, event_type text, event_timestamp timestamptz, geom geometry(Point, 4326),
                attributes_json jsonb, row_number bigint
            ) ON COMMIT DROP
            """)
    }

    private func append(_ chunk: EventChunk, _ row: Int, to buffer: inout CopyBuffer, hasIdentity: Bool) {
        buffer.beginRow(fields: hasIdentity ? 6 : 7)
        buffer.append(raw: hasIdentity ? chunk.eventIDs.bytes[chunk.eventIDs.range(at: row)] : dataset[...])
        buffer.append(raw: chunk.eventTypes.bytes[chunk.eventTypes.range(at: row)])
        buffer.append(PostgresTimestamp(microseconds: chunk.timestamps[row]))
        dirtyDays.add(chunk.timestamps[row])
        buffer.append(Location(longitude: chunk.longitudes[row], latitude: chunk.latitudes[row]))
        buffer.append(JSONBinary(text: chunk.attributes.bytes[chunk.attributes.range(at: row)]))
        if !hasIdentity { buffer.append(outcome.batch) }
        buffer.append(chunk.rowNumbers[row])
    }

    private func append(_ letter: DeadLetter, to letters: inout CopyBuffer) {
        letters.beginRow(fields: 6)
        letters.append(outcome.batch)
        letters.append(letter.rowNumber)
        letters.append(letter.lineNumber)
        letters.append(letter.raw)
        letters.append(letter.reasonCode)
        letters.append(letter.detail)
    }

    private func copy(_ buffer: CopyBuffer, _ statement: String) async throws {
        guard !buffer.isEmpty else { return }
        try await connection.copyIn(statement) { try await $0.write(buffer) }
    }
}

/// A point as PostGIS's binary input takes it.
private struct Location: PostgresEncodable {
    static var postgresType: UInt32 { 0 }
    let longitude: Double
    let latitude: Double

    func encode(into bytes: inout [UInt8]) {
        EWKB.point(longitude: longitude, latitude: latitude, into: &bytes)
    }
}

/// jsonb's binary form: a version, 1, and the text.
private struct JSONBinary: PostgresEncodable {
    static var postgresType: UInt32 { 3802 }
    let text: ArraySlice<UInt8>

    func encode(into bytes: inout [UInt8]) {
        bytes.append(1)
        bytes.append(contentsOf: text)
    }
}
