import Domain
import Postgres

/// Records that a running batch has failed, on a connection of its own, because the batch's connection may be what
/// failed.
///
/// When the database cannot be reached, ``BatchSweeper`` records it later.
struct FailedBatch: Sendable {
    private let options: PostgresOptions
    private let batch: Int64

    init(_ options: PostgresOptions, batch: Int64) {
        var options = options
        // Does not wait for a database that does not answer.
        options.statementTimeout = .seconds(10)
        self.options = options
        self.batch = batch
    }

    /// - Returns: The error to throw.
    func record(_ error: any Error) async -> any Error {
        guard var rejects = error as? TooManyRejects else {
            let isGivenUp = error is CancellationError || (error as? PostgresError)?.code == .cancelled
            await end(isGivenUp ? "given up because the sender left or it took too long" : "\(error)")
            return error
        }
        rejects.batch = batch
        let told = rejects
        _ = try? await PostgresConnection.withConnection(options) { connection in
            try await connection.transaction { try await keep(told, on: $0) }
        }
        return rejects
    }

    private func end(_ reason: String) async {
        _ = try? await PostgresConnection.withConnection(options) { connection in
            try await connection.query(
                "UPDATE ingest_batches SET state = 'failed', error = $2, finished_at = now() WHERE id = $1",
                [batch, reason])
        }
    }

    private func keep(_ rejects: TooManyRejects, on connection: PostgresConnection) async throws {
        let encoder = EventRowEncoder(dataset: nil, batch: batch)
        var rows = CopyBuffer()
        var allowance = LetterAllowance(count: TooManyRejects.lettersKept)
        var kept = 0
        for letter in rejects.letters where allowance.takes(letter) {
            encoder.append(letter, to: &rows)
            kept += 1
        }
        let letters = rows
        try await connection.copyIn(CopyTarget.deadLetters.statement) { try await $0.write(letters) }
        try await connection.query(
            """
            UPDATE ingest_batches
            SET state = 'failed', error = $2, received = $3, rejected = $3, rejected_by_reason = $4::jsonb,
                dead_letters_omitted = $5, finished_at = now()
            WHERE id = $1
            """,
            [
                batch, rejects.description, rejects.counts.total, try BatchReasons.text(rejects.counts),
                rejects.counts.total - kept,
            ])
    }
}
