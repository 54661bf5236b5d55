import Domain
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

private func checks(migrations: Int = 6) async throws -> [HealthCheck] {
    try await withReaders { await PostgresHealth($0, migrations: migrations).checks() }
}

@Suite(.database)
struct UnmigratedHealthTests {
    @Test func aDatabaseWithoutTheSchemaSaysWhatToRun() async throws {
        let checks = try await checks()
        let bad = checks.filter { !$0.isWell }
        #expect(bad.count == 1)
        #expect(bad.first?.detail == "not migrated: run `hextant migrate up`")
    }
}

@Suite(migratedDatabase())
struct MigratedHealthTests {
    @Test func aMigratedDatabaseIsWell() async throws {
        let count = try Checkout.migrations().count
        let checks = try await checks(migrations: count)
        #expect(checks.map(\.part) == ["postgresql", "schema", "view"])
        #expect(checks.allSatisfy { $0.isWell })
        #expect(checks[1].detail == "\(count) of \(count) migrations applied")
        // Migrations made the view anew.
        #expect(checks[2].detail.contains(#/^generation [1-9], 0 rows, /#), "\(checks[2].detail)")
    }

    @Test func aSchemaBehindTheProgramIsNotWell() async throws {
        let count = try Checkout.migrations().count
        let checks = try await checks(migrations: count + 1)
        #expect(checks.filter { !$0.isWell }.map(\.part) == ["schema"])
    }
}

@Suite(migratedDatabase())
struct HalfMigratedHealthTests {
    @Test func aSchemaWithoutItsLastMigrationIsToldAsSuch() async throws {
        let migrations = try Checkout.migrations()
        try await withConnection { connection in
            _ = try await Migrator(connection, migrations: migrations).down(steps: 1)
        }
        let bad = try await checks(migrations: migrations.count).filter { !$0.isWell }
        #expect(bad.map(\.part) == ["schema"])
        #expect(bad.first?.detail.contains("hextant migrate up") == true)
    }
}

struct UnreachableHealthTests {
    @Test func aServerOutOfReachIsToldWithoutItsPassword() async throws {
        let pool = ReadPool(
            PostgresOptions(url: "postgresql://nobody:hidden@127.0.0.1:1/none"), capacity: 1,
            statementTimeout: .seconds(1))
        let checks = await PostgresHealth(pool, migrations: 6).checks()
        #expect(checks.map(\.part) == ["postgresql"])
        #expect(checks.map(\.isWell) == [false])
        #expect(checks[0].detail.contains("cannot connect"))
        #expect(!checks[0].detail.contains("hidden"))
        await pool.close()
    }
}
