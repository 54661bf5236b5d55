package import Domain
import Postgres

/// The messages that a batch holds, and up to where the stream is stored with it, in the same transaction.
package struct StreamBatch: Sendable {
    /// The stretch of a partition that the messages cover.
    package struct Stretch: Hashable, Sendable {
        package let topic: String
        package let partition: Int
        /// The offset up to which the partition must be stored before; `nil` for a broker without offsets, where
        /// messages are only counted.
        package let from: Int64?
        /// The offset of the message after the last one; how many messages there are where there are no offsets.
        package let to: Int64
        /// The offset after the newest message of the broker, where it is known.
        package let end: Int64?

        package init(topic: String, partition: Int, from: Int64?, to: Int64, end: Int64? = nil) {
            self.topic = topic
            self.partition = partition
            self.from = from
            self.to = to
            self.end = end
        }
    }

    package let stream: Slug
    /// A text that no other batch has, by which its rows are known.
    package let name: String
    package let stretches: [Stretch]
    package let messages: Int

    package init(_ stream: Slug, name: String, stretches: [Stretch], messages: Int) {
        self.stream = stream
        self.name = name
        // All readers take the rows in one order, so that none waits for another that waits for it.
        self.stretches = stretches.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        self.messages = messages
    }

    /// Takes the offsets of the partitions until the transaction ends.
    /// - Throws: `StorageError` with code `.moved` when one is stored up to another offset; `PostgresError`.
    func hold(in dataset: Slug, on connection: PostgresConnection) async throws {
        for stretch in stretches {
            guard let from = stretch.from else { continue }
            let rows = try await connection.query(
                """
                SELECT next_offset FROM stream_offsets
                WHERE dataset = $1 AND stream = $2 AND topic = $3 AND partition = $4
                FOR UPDATE
                """, [dataset, stream, stretch.topic, stretch.partition])
            guard let row = rows.first, try row.get(0, as: Int64.self) == from else {
                throw StorageError(
                    .moved, "another reader has stored messages of \(stretch.topic)[\(stretch.partition)]")
            }
        }
    }

    /// Records up to where the partitions are stored.
    func advance(_ outcome: BatchOutcome, in dataset: Slug, on connection: PostgresConnection) async throws {
        for (number, stretch) in stretches.enumerated() {
            // The outcome of the messages is counted once, although the batch may have some of several partitions.
            let counts = number == 0 ? outcome.counts : IngestCounts()
            try await connection.query(
                """
                INSERT INTO stream_offsets AS o (
                    dataset, stream, topic, partition, next_offset, end_offset, messages, accepted, duplicate, rejected,
                    batch, stored_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
                ON CONFLICT (dataset, stream, topic, partition) DO UPDATE SET
                    next_offset = CASE WHEN $12 THEN $5 ELSE o.next_offset + $5 END,
                    end_offset = coalesce($6, o.end_offset),
                    messages = o.messages + $7, accepted = o.accepted + $8, duplicate = o.duplicate + $9,
                    rejected = o.rejected + $10, batch = $11, stored_at = clock_timestamp()
                """,
                [
                    dataset, stream, stretch.topic, stretch.partition, stretch.to, stretch.end,
                    number == 0 ? messages : 0, counts.accepted, counts.duplicate, counts.rejected, outcome.batch,
                    stretch.from != nil,
                ])
        }
    }
}
