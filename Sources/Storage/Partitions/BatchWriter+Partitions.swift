import Postgres

extension BatchWriter {
    /// Drops the indexes of grown partitions that this transaction created. They are built when all rows are there,
    /// which costs a fraction of updating them row by row. Nobody else sees such a partition before the batch is
    /// committed.
    ///
    /// TimescaleDB does not regard an index that is built on a partition as part of the hypertable's index. A migration
    /// that drops an index of `events` therefore has to drop those of the same name on the partitions too.
    func takeIndexesAway() async throws {
        let timestamps = partitions.grown
        partitions.grown = []
        let indexes = try await lead.connection.query(indexesOfNewPartitions, [PostgresArray(timestamps)])
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
