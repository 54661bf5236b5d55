import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

/// The tests run one after the other, because they share the suite's database.
@Suite(.database, .serialized)
struct MigratorTests {
    private static let steps = [
        (up: "CREATE TABLE one (n integer)", down: "DROP TABLE one"),
        (up: "CREATE TABLE two (n integer); INSERT INTO two VALUES (2)", down: "DROP TABLE two"),
        (up: "ALTER TABLE two ADD m integer", down: "ALTER TABLE two DROP m"),
    ]

    private static func isThere(_ table: String) async throws -> Bool {
        try await value("SELECT to_regclass($1::text) IS NOT NULL", [table])
    }

    /// Rolls back everything that the test left.
    private static func clear() async throws {
        try await withConnection { connection in
            try await connection.execute("DROP TABLE IF EXISTS one, two, schema_migrations")
        }
    }

    @Test func stepsGoUpAndDownAndUpAgain() async throws {
        try await Self.clear()
        try await withConnection { connection in
            let migrator = Migrator(connection, migrations: try MigrationFolder.migrations(Self.steps))
            #expect(try await migrator.status().map(\.isApplied) == [false, false, false])
            #expect(try await migrator.up() == ["0001_step", "0002_step", "0003_step"])
            #expect(try await migrator.up() == [])
            #expect(try await migrator.down(steps: 2) == ["0003_step", "0002_step"])
            #expect(try await migrator.status().map(\.isApplied) == [true, false, false])
            #expect(try await Self.isThere("one"))
            #expect(try await !Self.isThere("two"))
            #expect(try await migrator.up() == ["0002_step", "0003_step"])
            #expect(try await migrator.down(steps: nil) == ["0003_step", "0002_step", "0001_step"])
            #expect(try await migrator.down(steps: nil) == [])
            #expect(try await !Self.isThere("one"))
        }
    }

    @Test func aStepThatFailsLeavesNothingOfItself() async throws {
        try await Self.clear()
        let migrations = try MigrationFolder.migrations([
            Self.steps[0], (up: "CREATE TABLE two (n integer); SELECT 1 / 0", down: ""),
        ])
        try await withConnection { connection in
            let migrator = Migrator(connection, migrations: migrations)
            let error = await #expect(throws: StorageError.self) { try await migrator.up() }
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0002_step") == true)
            #expect(error?.message.contains("division by zero") == true)
            let status = try await migrator.status()
            #expect(status.map(\.isApplied) == [true, false])
        }
        #expect(try await !Self.isThere("two"))
        // Its lock is free again.
        try await withConnection { connection in
            let applied = try await Migrator(connection, migrations: Array(migrations.prefix(1))).up()
            #expect(applied == [])
        }
    }

    @Test func aChangedFileIsRefused() async throws {
        try await Self.clear()
        try await withConnection { connection in
            _ = try await Migrator(connection, migrations: MigrationFolder.migrations(Self.steps)).up()
            var changed = Self.steps
            changed[1].up += " -- and a word more"
            let migrator = Migrator(connection, migrations: try MigrationFolder.migrations(changed))
            let up = await #expect(throws: StorageError.self) { try await migrator.up() }
            let down = await #expect(throws: StorageError.self) { try await migrator.down(steps: 1) }
            let status = await #expect(throws: StorageError.self) { try await migrator.status() }
            for error in [up, down, status] {
                #expect(error?.code == .migration)
                #expect(error?.message.contains("0002_step was changed after it was applied") == true)
            }
        }
    }

    @Test func aChangedDownFileIsNot() async throws {
        try await Self.clear()
        try await withConnection { connection in
            _ = try await Migrator(connection, migrations: MigrationFolder.migrations(Self.steps)).up()
            var changed = Self.steps
            changed[2].down += " -- corrected"
            let migrator = Migrator(connection, migrations: try MigrationFolder.migrations(changed))
            #expect(try await migrator.down(steps: 1) == ["0003_step"])
        }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        try await Self.clear()
        try await withConnection { connection in
            let migrations = try MigrationFolder.migrations(Self.steps)
            _ = try await Migrator(connection, migrations: migrations).up()
            let older = Migrator(connection, migrations: Array(migrations.prefix(2)))
            let error = await #expect(throws: StorageError.self) { try await older.up() }
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0003_step") == true)
            #expect(error?.message.contains("newer") == true)
        }
    }

    @Test func migratorsAtTheSameTimeApplyEachStepOnce() async throws {
        try await Self.clear()
        let migrations = try MigrationFolder.migrations(
            [(up: "CREATE TABLE one (n integer); SELECT pg_sleep(0.2)", down: "")] + Self.steps.dropFirst())
        let options = TestDatabase.options
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let connection = try await PostgresConnection(options)
                    return try await Migrator(connection, migrations: migrations).up()
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == ["0001_step", "0002_step", "0003_step"])
        #expect(try await value("SELECT count(*) FROM two", as: Int.self) == 1)
    }

    @Test func aMissingExtensionIsExplained() async throws {
        try await Self.clear()
        try await withConnection { connection in
            let step = (up: "CREATE EXTENSION no_such_extension", down: "")
            let migrator = Migrator(connection, migrations: try MigrationFolder.migrations([step]))
            let error = await #expect(throws: StorageError.self) { try await migrator.up() }
            #expect(error?.code == .migration)
            #expect(error?.message.contains("\"no_such_extension\" is not available") == true)
            #expect(error?.message.contains("Install PostGIS and TimescaleDB") == true)
        }
    }
}
