import Postgres
import Risk

extension BatchWriter {
    /// Takes the indexes of those grown chunks away that this transaction made. They are built when all rows are there, which
    /// costs a fraction of keeping them up row by row; nobody else sees such a chunk before the batch is committed.
    ///
    /// TimescaleDB does not count an index that is built on a chunk as part of the hypertable's: a migration that drops one of
    /// `events` has to drop those of the same name on the chunks too.
    func takeIndexesAway() async throws {
        let timestamps = chunks.grown.map { PostgresTimestamp(microseconds: $0) }
        chunks.grown = []
        let indexes = try await lead.connection.query(indexesOfNewChunks, [PostgresArray(timestamps)])
        guard indexes.count > 0 else { return }
        indexDefinitions += try indexes.map { try $0.get(1) }
        let names = try indexes.map { try $0.get(0, as: String.self) }.joined(separator: ", ")
        try await lead.connection.execute("DROP INDEX \(names)")
    }

    func buildIndexes() async throws {
        guard !indexDefinitions.isEmpty else { return }
        try await lead.connection.execute(indexDefinitions.joined(separator: ";\n"))
        indexDefinitions = []
    }
}
