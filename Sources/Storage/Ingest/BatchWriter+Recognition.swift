import Domain
import Postgres

extension BatchWriter {
    /// Whether it makes a difference that an earlier batch has the same records.
    package var recognisesFiles: Bool {
        scope.identity == .file && scope.sha256 != nil && scope.hasOthers && known.rows.count == 0
    }

    /// Whether the file of another batch of the dataset begins with the same records.
    ///
    /// - Parameter start: The digest of the first records.
    /// - Throws: `PostgresError`.
    package func knowsStart(_ start: [UInt8]) async throws -> Bool {
        try await lead.connection.query(
            "SELECT EXISTS (SELECT FROM ingest_batches WHERE dataset = $1 AND content_start = $2 AND id <> $3)",
            [scope.dataset, PostgresBytes(start), scope.batch])[0].get(0)
    }

    /// Makes the rows known that batches with the same records stored. It must be called before anything is written.
    ///
    /// - Parameter content: The digest of the file's records.
    /// - Throws: `PostgresError`.
    package func addKnown(content: [UInt8]) async throws {
        guard let sha256 = scope.sha256 else { return }
        add(
            try await KnownRows.load(
                lead.connection, dataset: scope.dataset, sha256: sha256, content: content, new: scope.batch, sql: sql))
    }

    /// Compares some of the first rows without an id with those stored, and notes it if most of them are there. Then
    /// the file may be a list that has grown.
    func sample(_ chunk: EventChunk) async throws {
        let rows = (0..<chunk.count).filter {
            chunk.eventIDs.range(at: $0).isEmpty && !known.rows.contains(chunk.rowNumbers[$0])
        }
        guard !rows.isEmpty else { return }
        // Rows with ids may have come first, by a COPY that is still open.
        try await lead.endCopy()
        let sample = try await BatchSample(rows, of: chunk, dataset: scope.dataset, on: lead.connection, sql: sql)
        noteSample(sample)
    }
}
