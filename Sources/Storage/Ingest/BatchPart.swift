import Domain
import Postgres

/// A part of a batch: the rows that one connection writes in its open transaction. They are stored all or not at all.
actor BatchPart {
    let connection: PostgresConnection
    private(set) var accepted = 0
    /// The current COPY. It stays open from one send to the next, because each new COPY makes the server open all
    /// tables and indexes again.
    private var copy: (target: CopyTarget, writer: CopyWriter)?
    /// Whether the server ends statements that take long; nil until it was asked.
    private var isTimed: Bool?
    /// The task that sends rows to the server.
    private var sending: Task<Void, any Error>?

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// Sends rows after those sent before, and returns when their turn has come.
    func send(_ rows: PartRows, to target: CopyTarget) async throws {
        guard !rows.bytes.isEmpty else { return }
        try await idle()
        accepted += rows.accepted
        sending = Task { try await copy(rows.bytes, to: target) }
    }

    /// Ends the COPY, so that the connection can run other statements until more rows are sent.
    func endCopy() async throws {
        try await idle()
        try await finishCopy()
    }

    private func finishCopy() async throws {
        guard let writer = copy?.writer else { return }
        copy = nil
        try await writer.finish()
    }

    /// Commits the rows, adds their number to the counts of the batch, and closes the connection.
    ///
    /// The digest of the file is recorded with the first part, so that the file is known even if the last part never
    /// follows.
    func commit(_ tally: DayTally, _ kinds: KindTable, to scope: BatchScope, content: ContentDigest?) async throws {
        try await tally.store(scope.dataset, kinds, on: connection)
        try await connection.query(
            """
            UPDATE ingest_batches
            SET received = received + $2, accepted = accepted + $2, content = $3, content_start = $4
            WHERE id = $1
            """,
            [
                scope.batch, accepted, content.map { PostgresBytes($0.whole) }, content.map { PostgresBytes($0.start) },
            ])
        if scope.holds == .expenditures {
            // The last part raises it again. If it never follows, figures are made of what is stored.
            try await ExpenditureStore.raiseVersion(of: scope.dataset, on: connection)
        }
        try await connection.execute("COMMIT")
        await connection.close()
    }

    /// Gives up what is being sent, so that the transaction can be rolled back.
    func abandon() async {
        sending?.cancel()
        _ = await sending?.result
        guard let writer = copy?.writer else { return }
        copy = nil
        // The server may be waiting for a lock.
        await connection.cancelStatement()
        await writer.abandon()
    }

    private func copy(_ rows: CopyBuffer, to target: CopyTarget) async throws {
        if isTimed == nil {
            isTimed = try await connection.query("SELECT current_setting('statement_timeout') <> '0'")[0]
                .get(0, as: Bool.self)
        }
        if isTimed == true { return try await copyInTime(rows, to: target) }
        if copy?.target != target {
            try await finishCopy()
            copy = (target, try await connection.openCopyIn(target.statement))
        }
        try await copy?.writer.write(rows)
    }

    /// Copies rows by a statement of their own, where the server ends those that take too long (`statement_timeout`).
    ///
    /// Rows that it does not take in that time are tried again in halves, down to a single row. A savepoint undoes what
    /// was written of them, so no row is stored twice.
    private func copyInTime(_ rows: CopyBuffer, to target: CopyTarget) async throws {
        try await connection.execute("SAVEPOINT rows")
        do {
            try await connection.copyIn(target.statement) { try await $0.write(rows) }
        } catch let error as PostgresError {
            guard error.code == .timeout, let (first, second) = rows.halves() else { throw error }
            try await connection.execute("ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows")
            try await copyInTime(first, to: target)
            return try await copyInTime(second, to: target)
        }
        try await connection.execute("RELEASE SAVEPOINT rows")
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

/// Rows to be sent to one part of a batch.
struct PartRows: Sendable {
    var bytes: CopyBuffer
    /// How many of them are certainly new events. Rows with ids are not counted.
    var accepted = 0

    init(reserving rows: Int = 0) { bytes = CopyBuffer(reserving: rows * 160) }
}

/// The table that rows of a batch are copied to.
enum CopyTarget {
    case events
    /// Events that are compared with those stored before they are merged into `events`.
    case incoming
    case deadLetters
    case expenditures
    /// Expenditures that are compared with those stored before they are merged into them.
    case incomingExpenditures

    var statement: String {
        switch self {
        case .events:
            """
            COPY events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number) \
            FROM STDIN (FORMAT binary)
            """
        case .incoming:
            """
            COPY incoming (event_id, event_type, event_timestamp, geom, attributes_json, row_number) \
            FROM STDIN (FORMAT binary)
            """
        case .expenditures:
            """
            COPY expenditures (dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, \
            account_description, organisation, amount, batch_id) FROM STDIN (FORMAT binary)
            """
        case .incomingExpenditures:
            """
            COPY incoming_expenditures (row_number, source_id, fiscal_year, entered, vendor, vendor_key, department, \
            account, account_description, organisation, amount) FROM STDIN (FORMAT binary)
            """
        case .deadLetters:
            "COPY dead_letters (batch, row_number, line_number, raw, reason, detail) FROM STDIN (FORMAT binary)"
        }
    }
}
