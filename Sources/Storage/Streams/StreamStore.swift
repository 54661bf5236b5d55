package import Domain
package import Postgres

/// Reads and begins the offsets up to which streams are stored.
package struct StreamStore: Sendable {
    private let options: PostgresOptions

    package init(_ options: PostgresOptions) {
        var options = options
        // Whoever asks holds up a group of readers.
        options.statementTimeout = .seconds(10)
        self.options = options
    }

    /// The offset of the next message of each partition that has begun, by topic and partition.
    /// - Throws: `PostgresError`.
    package func offsets(
        of stream: Slug, in dataset: Slug
    ) async throws -> [(topic: String, partition: Int, next: Int64)] {
        try await PostgresConnection.withConnection(options) { connection in
            try await connection.query(
                "SELECT topic, partition::bigint, next_offset FROM stream_offsets WHERE dataset = $1 AND stream = $2",
                [dataset, stream]
            ).map { row in (topic: try row.get(0), partition: try row.get(1), next: try row.get(2)) }
        }
    }

    /// Begins partitions at offsets. One that has begun in the meantime stays as it is.
    /// - Throws: `PostgresError`.
    package func begin(
        _ stream: Slug, in dataset: Slug, at starts: [(topic: String, partition: Int, next: Int64)]
    ) async throws {
        try await PostgresConnection.withConnection(options) { connection in
            for start in starts {
                try await connection.query(
                    """
                    INSERT INTO stream_offsets (dataset, stream, topic, partition, next_offset)
                    VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT DO NOTHING
                    """, [dataset, stream, start.topic, start.partition, start.next])
            }
        }
    }
}
