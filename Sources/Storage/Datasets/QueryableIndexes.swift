import Domain
package import Postgres

/// The indexes of the attributes that filters may name.
///
/// Each is built partition by partition, so reads go on, and an ingest waits only while its own partition is done.
/// Whoever is interrupted leaves an index that is not whole; the next one builds it again.
package struct QueryableIndexes: Sendable {
    /// How many indexes all datasets together may have. Every partition has each of them, and every statement over
    /// events looks at those of its partitions.
    package static let mostOfDatabase = 64

    /// How long to wait for those who write, and how often.
    private static let patience = "3s"
    private static let attempts = 20
    private static let dropAttempts = 3

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        var options = options
        options.settings["lock_timeout"] = Self.patience
        options.settings["client_connection_check_interval"] = "1000"
        self.options = options
        self.sql = sql
    }

    /// The number of indexes that were built and dropped.
    package struct Outcome: Hashable, Sendable {
        package var built = 0
        package var dropped = 0

        package init(built: Int = 0, dropped: Int = 0) {
            self.built = built
            self.dropped = dropped
        }
    }

    private struct Index {
        let name: String
        /// The statement that builds it; `nil` when no dataset names its attribute.
        let statement: String?
        /// Whether it is there and whole; `nil` when it is not there.
        let isWhole: Bool?

        /// Whether it is there, whole, and of use.
        var isWanted: Bool { statement != nil && isWhole == true }
    }

    /// Builds the indexes that datasets ask for, and drops those that no dataset asks for any more.
    ///
    /// - Throws: `StorageError` with code `.busy` while another process does the same and `.blocked` when ingests leave
    ///   no room for it; `PostgresError`.
    package func bring() async throws -> Outcome {
        try await PostgresConnection.withConnection(options) { connection in
            guard try await indexes(on: connection).contains(where: { !$0.isWanted }) else { return Outcome() }
            guard try await connection.takeLock("hextant queryables") else {
                throw StorageError(.busy, "the indexes of attributes are being built: wait until that has ended")
            }
            var outcome = Outcome()
            for index in try await indexes(on: connection) {
                if index.statement == nil || index.isWhole == false {
                    guard try await drop(index.name, on: connection) else {
                        guard index.statement == nil else { throw Self.blocked }
                        continue
                    }
                    outcome.dropped += index.statement == nil ? 1 : 0
                }
                if let statement = index.statement, !index.isWanted {
                    try await build(index.name, statement, on: connection)
                    outcome.built += 1
                }
            }
            // The planner has no estimate of what an index over an expression holds before.
            if outcome.built > 0 { try await connection.execute("ANALYZE events") }
            return outcome
        }
    }

    private func indexes(on connection: PostgresConnection) async throws -> [Index] {
        try await connection.query(sql[.queryableIndexes], []).map { row in
            var fields = row.fields
            return Index(
                name: try fields.next("name"), statement: try fields.next("statement"),
                isWhole: try fields.next("is_whole"))
        }
    }

    private func build(_ name: String, _ statement: String, on connection: PostgresConnection) async throws {
        for attempt in 1...Self.attempts {
            do {
                try await connection.execute(statement)
                return
            } catch {
                guard error.sqlState == "55P03" else { throw error }
                // Some partitions may have it by now.
                _ = try await drop(name, on: connection)
                guard attempt < Self.attempts else { break }
                try await Task.sleep(for: .seconds(1))
            }
        }
        throw Self.blocked
    }

    private static let blocked = StorageError(
        .blocked, "ingests left no room to build the index of an attribute: put the dataset again to try it again")

    /// Drops an index with its parts on partitions. A part that a batch has built anew does not go with the others.
    ///
    /// - Returns: Whether it is gone. One that is being used for long is left for the next time.
    private func drop(_ name: String, on connection: PostgresConnection) async throws -> Bool {
        for _ in 1...Self.dropAttempts {
            if try await dropNow(name, on: connection) { return true }
        }
        return false
    }

    private func dropNow(_ name: String, on connection: PostgresConnection) async throws -> Bool {
        do {
            try await connection.execute("DROP INDEX IF EXISTS \(name)")
            let left = try await connection.query(
                """
                SELECT format('%I.%I', n.nspname, c.relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'i' AND right(c.relname::text, length($1) + 1) = '_' || $1
                """, [name]
            ).map { try $0.get(0, as: String.self) }
            if !left.isEmpty { try await connection.execute("DROP INDEX \(left.joined(separator: ", "))") }
            return true
        } catch let error as PostgresError where error.sqlState == "55P03" {
            return false
        }
    }
}
