import Domain
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct ReadPoolTests {
    private static let writes = [
        "INSERT INTO served_view (only_row, generation, rows, refreshed_at) VALUES (true, 9, 9, now())",
        "UPDATE served_view SET generation = 9", "DELETE FROM datasets", "TRUNCATE events", "DROP TABLE datasets",
        "CREATE TABLE mine (n integer)",
    ]

    @Test(arguments: writes)
    func readersCannotWrite(_ statement: String) async throws {
        try await withReaders { readers in
            let generation = "SELECT generation FROM served_view"
            let before: Int64 = try await readers.query(generation)[0].get(0)
            let error = await #expect(throws: PostgresError.self) { try await readers.query(statement) }
            #expect(error?.sqlState == "25006")
            #expect(try await readers.query(generation)[0].get(0) == before)
        }
    }

    /// The protection that is left when a connection has switched off its own read-only mode.
    @Test(arguments: writes)
    func theRoleOfReadersCannotWriteEither(_ statement: String) async throws {
        var options = TestDatabase.options
        options.settings["role"] = ReadPool.role
        let connection = try await PostgresConnection(options)
        let error = await #expect(throws: PostgresError.self) { try await connection.query(statement) }
        #expect(error?.sqlState == "42501")
        await connection.close()
    }

    @Test func readersDoNotSeeUsers() async throws {
        try await withReaders { readers in
            let error = await #expect(throws: PostgresError.self) { try await readers.query("SELECT * FROM users") }
            #expect(error?.sqlState == "42501")
            let datasets = try await readers.query("SELECT count(*) FROM datasets")
            #expect(datasets.count == 1)
        }
    }

    /// The time limit of the role `hextant_reader`, and the message that names this role.
    @Test func aStatementThatTakesTooLongIsTemporarilyUnavailable() async throws {
        let pool = ReadPool(TestDatabase.options, capacity: 1, statementTimeout: .milliseconds(500))
        let session = try await pool.query(
            "SELECT current_user, current_setting('statement_timeout'), current_setting('transaction_read_only')")[0]
        #expect(try session.get(0, as: String.self) == ReadPool.role)
        #expect(try session.get(1, as: String.self) == "500ms")
        #expect(try session.get(2, as: String.self) == "on")
        let error = await #expect(throws: (any Error).self) { try await pool.query("SELECT pg_sleep(60)") }
        #expect(error is any TemporarilyUnavailable)
        #expect(try await pool.query("SELECT 1").count == 1)
        await pool.close()
    }

    @Test func aServerOutOfReachIsTemporarilyUnavailable() async throws {
        let pool = ReadPool(
            PostgresOptions(url: "postgresql://nobody:hidden@127.0.0.1:1/none"), capacity: 1,
            statementTimeout: .seconds(1))
        let error = try #require(
            await #expect(throws: (any Error).self) { try await pool.query("SELECT 1") } as? any TemporarilyUnavailable)
        #expect(error.retryAfter > .zero)
        #expect(!"\(error)".contains("hidden"))
        await pool.close()
    }
}
