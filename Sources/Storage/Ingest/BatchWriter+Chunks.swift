import Postgres
import Risk

extension BatchWriter {
    /// Stores the batch's first row of a chunk. If that made the chunk, its indexes are taken away and built when all rows are
    /// there, which costs a fraction of keeping them up row by row; nobody else sees the chunk before the batch is committed.
    ///
    /// TimescaleDB does not count an index that is built on a chunk as part of the hypertable's: a migration that drops one of
    /// `events` has to drop those of the same name on the chunks too.
    func openChunk(_ chunk: EventChunk, _ row: Int) async throws {
        let stored = try await connection.query(Self.insert, rowEncoder.parameters(chunk, row))
        let table = try stored[0].get(0, as: String.self)
        let indexes = try await connection.query(Self.indexes, [table])
        guard indexes.count > 0 else { return }
        chunks.definitions += try indexes.map { try $0.get(1) }
        let names = try indexes.map { try $0.get(0, as: String.self) }.joined(separator: ", ")
        try await connection.execute("DROP INDEX \(names)")
    }

    func buildIndexes() async throws {
        for definition in chunks.definitions { try await connection.execute(definition) }
        chunks.definitions = []
    }

    private static let insert = """
        INSERT INTO events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING tableoid::regclass::text
        """
    /// Names and definitions of the indexes of a table that this transaction made; none of any other table.
    private static let indexes = """
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE i.indrelid = $1::regclass AND c.xmin = pg_current_xact_id()::xid
        """
}
