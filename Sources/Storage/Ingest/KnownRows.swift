import Domain
import Postgres

/// The row numbers that earlier batches of the same file stored. A batch that did not finish may have stored some of
/// its parts.
struct KnownRows: Sendable {
    var rows = RowSet()
    var deadLetters = RowSet()

    /// Loads the row numbers. Rows with an id are left out, because they are recognised by it.
    ///
    /// - Parameters:
    ///   - content: The digest of the file's records, if it is known already. A file with the same records is the same
    ///     file.
    ///   - new: A batch of which nothing is stored yet. Looking for its rows in every partition would take longer than
    ///     writing a small file.
    static func load(
        _ connection: PostgresConnection, dataset: Slug, sha256: String, content: [UInt8]? = nil, new: Int64? = nil,
        sql: SQLFiles
    ) async throws -> KnownRows {
        let earlier = try await connection.query(
            sql[.batchKnown], [dataset, sha256, content.map(PostgresBytes.init), new])
        var known = KnownRows()
        guard earlier.count > 0 else { return known }
        let batches = try earlier.map { try $0.get(0, as: Int64.self) }.map(String.init).joined(separator: ",")
        try await connection.query("SELECT set_config('hextant.batches', $1, true)", ["{\(batches)}"])
        let scope = "batch = ANY (current_setting('hextant.batches')::bigint[])"
        // Batches mark the days of what they store, and the planner leaves out the partitions of other days.
        if let times = try await EventExtent.knownDays(of: dataset, on: connection)?.moments {
            known.rows = try await rowNumbers(
                connection,
                """
                SELECT row_number FROM events
                WHERE \(scope) AND event_id IS NULL
                    AND event_timestamp >= to_timestamp(\(times.lowerBound.seconds))
                    AND event_timestamp < to_timestamp(\(times.upperBound.seconds))
                """)
        }
        known.deadLetters = try await rowNumbers(
            connection,
            """
            SELECT row_number FROM dead_letters JOIN ingest_batches ON ingest_batches.id = batch
            WHERE \(scope) AND state <> 'failed'
            """)
        return known
    }

    private static func rowNumbers(
        _ connection: PostgresConnection, _ select: String
    ) async throws(PostgresError) -> RowSet {
        try await connection.copyOut("COPY (\(select)) TO STDOUT (FORMAT binary)", into: RowSet()) {
            (set: inout RowSet, row: CopyRow) throws(PostgresError) in
            var row = row
            set.insert(try row.next(Int64.self))
        }
    }
}

/// A set of positive numbers, most of them close together, that takes one bit for each.
struct RowSet: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    mutating func insert(_ number: Int64) {
        guard number > 0 else { return }
        let index = Int(number >> 6)
        while words.count <= index { words.append(0) }
        let bit: UInt64 = 1 << UInt64(number & 63)
        if words[index] & bit == 0 { count += 1 }
        words[index] |= bit
    }

    func contains(_ number: Int64) -> Bool {
        let index = Int(number >> 6)
        return number > 0 && index < words.count && words[index] & (1 << UInt64(number & 63)) != 0
    }
}
