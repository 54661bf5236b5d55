package import Postgres

/// Applies and reverts migrations, and reports which ones are applied.
package struct Migrator: Sendable {
    private let connection: PostgresConnection
    private let migrations: [Migration]
    /// The advisory lock ("hextant" in ASCII) that lets only one migrator work on a database.
    private static let lock: Int64 = 0x6865_7874_616E_74

    package init(_ connection: PostgresConnection, migrations: [Migration]) {
        self.connection = connection
        self.migrations = migrations
    }

    package struct Status: Sendable, Equatable {
        package let name: String
        package let isApplied: Bool
    }

    /// Reports for each migration whether it is applied.
    /// - Throws: `StorageError` with code `.migration` when the database has an unknown or changed migration;
    ///   `PostgresError`.
    package func status() async throws -> [Status] {
        let applied = try await applied()
        return migrations.map { Status(name: $0.name, isApplied: applied[$0.number] != nil) }
    }

    /// Applies the missing migrations, each in one transaction with its record.
    ///
    /// - Returns: The names of the migrations applied now.
    /// - Throws: `StorageError` with code `.migration` when the database has an unknown or changed migration, or when
    ///   one fails; `PostgresError`.
    package func up() async throws -> [String] {
        try await locked {
            let applied = try await applied()
            var done: [String] = []
            for migration in migrations where applied[migration.number] == nil {
                try await apply(migration.up, of: migration) { connection in
                    try await connection.query(
                        "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                        [Int32(migration.number), migration.name, migration.checksum])
                }
                done.append(migration.name)
            }
            return done
        }
    }

    /// Reverts the last `steps` applied migrations, or all of them.
    ///
    /// - Returns: The names of the migrations reverted now.
    /// - Throws: `StorageError` with code `.migration` when the database has an unknown or changed migration, or when
    ///   one fails; `PostgresError`.
    package func down(steps: Int?) async throws -> [String] {
        try await locked {
            let applied = try await applied()
            let due = migrations.reversed().filter { applied[$0.number] != nil }.prefix(steps ?? .max)
            for migration in due {
                try await apply(migration.down, of: migration) { connection in
                    try await connection.query(
                        "DELETE FROM schema_migrations WHERE number = $1", [Int32(migration.number)])
                }
            }
            return due.map(\.name)
        }
    }

    /// The names of the applied migrations by number. Refuses unknown and changed migrations.
    private func applied() async throws -> [Int: String] {
        let table = try await connection.query("SELECT to_regclass('schema_migrations') IS NOT NULL")
        guard try table[0].get(0) == true else { return [:] }
        var applied: [Int: String] = [:]
        for row in try await connection.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number") {
            var fields = row.fields
            let number: Int = try fields.next("number")
            let name: String = try fields.next("name")
            guard number <= migrations.count else {
                throw StorageError(
                    .migration,
                    "the database has migration \(name), which this version does not know: use a newer hextant")
            }
            guard try migrations[number - 1].checksum == fields.next("checksum") else {
                throw StorageError(
                    .migration,
                    "migration \(name) was changed after it was applied: restore its file, and write a new migration"
                )
            }
            applied[number] = name
        }
        return applied
    }

    private func apply(
        _ script: String, of migration: Migration, record: @Sendable (PostgresConnection) async throws -> Void
    ) async throws {
        do {
            try await connection.transaction { connection in
                try await connection.execute(script)
                try await record(connection)
            }
        } catch let error as PostgresError {
            throw StorageError(.migration, "migration \(migration.name) failed: \(Self.explain(error))")
        }
    }

    /// Adds what to do where PostgreSQL's message does not say it.
    private static func explain(_ error: PostgresError) -> String {
        let isMissingExtension = error.message.contains("extension") && ["58P01", "0A000"].contains(error.sqlState)
        let isUnloaded = error.message.contains("must be preloaded")
        if isMissingExtension || isUnloaded {
            return "\(error.message). Install PostGIS and TimescaleDB for this server, and put timescaledb into "
                + "shared_preload_libraries; `scripts/services up` starts a server that has them"
        }
        return [error.message, error.detail, error.hint].compactMap(\.self).joined(separator: ". ")
    }

    private func locked<Output: Sendable>(_ body: () async throws -> Output) async throws -> Output {
        try await connection.query("SELECT pg_advisory_lock($1)", [Self.lock])
        do {
            try await connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now())
                """)
            let output = try await body()
            try await connection.query("SELECT pg_advisory_unlock($1)", [Self.lock])
            return output
        } catch {
            // If the unlock fails, the connection is gone, and the lock with it.
            _ = try? await connection.query("SELECT pg_advisory_unlock($1)", [Self.lock])
            throw error
        }
    }
}
