import Postgres

/// What one session writes of a batch: the rows of the transaction that is open on it, kept whole or not at all.
actor BatchPart {
    let connection: PostgresConnection
    private(set) var accepted: Int64 = 0
    private var dirtyDays = DirtyDays()
    /// The COPY that is under way; it is kept open from send to send, since the server opens the tables and indexes that
    /// rows go to anew with each.
    private var copy: (target: CopyTarget, writer: CopyWriter)?
    /// The rows that the server is taking.
    private var sending: Task<Void, any Error>?

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// Sends rows after those before, and returns as soon as it is their turn.
    func send(_ rows: PartRows, to target: CopyTarget) async throws {
        guard !rows.bytes.isEmpty else { return }
        try await idle()
        accepted += rows.accepted
        dirtyDays.add(rows.dirtyDays)
        sending = Task { try await copy(rows.bytes, to: target) }
    }

    /// Leaves the session free for other statements until the next rows are sent.
    func endCopy() async throws {
        try await idle()
        guard let writer = copy?.writer else { return }
        copy = nil
        try await writer.finish()
    }

    /// Marks the days of the rows; the last thing before the transaction is committed.
    func markDays(_ dataset: String) async throws { try await dirtyDays.mark(dataset, on: connection) }

    /// Keeps the rows, with the counts of the batch raised by them, and ends the session.
    func commit(_ dataset: String, batch: Int64) async throws {
        try await markDays(dataset)
        try await connection.query(
            "UPDATE ingest_batches SET received = received + $2, accepted = accepted + $2 WHERE id = $1",
            [batch, accepted])
        try await connection.execute("COMMIT")
        await connection.close()
    }

    /// Ends the session; what is not committed is gone.
    func abandon() async {
        sending?.cancel()
        _ = await sending?.result
        await connection.close()
    }

    private func copy(_ rows: CopyBuffer, to target: CopyTarget) async throws {
        if copy?.target != target {
            try await copy?.writer.finish()
            copy = nil
            copy = (target, try await connection.openCopyIn(target.statement))
        }
        try await copy?.writer.write(rows)
    }

    private func idle() async throws {
        guard let task = sending else { return }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        sending = nil
    }
}
