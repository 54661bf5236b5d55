import Domain
import Postgres
import TestDatabase
import Testing

@testable import Storage

/// The PostgreSQL errors that are temporary.
@Suite(.database)
struct StoreUnavailableTests {
    /// The list is that of appendix A of PostgreSQL's documentation.
    private static let passing = [
        "08000", "08003", "08006", "08001", "53000", "53100", "53200", "53300", "53400", "57P01", "57P02", "57P03",
        "57P05", "58000", "58030", "40001", "40P01", "55P03",
    ]
    private static let staying = ["22P02", "23505", "42601", "42501", "25006", "57P04", "0A000", "XX000", "P0001"]

    /// The error that a write pool throws when PostgreSQL ends a statement with this SQLSTATE.
    private static func error(_ state: String) async throws -> any Error {
        let pool = WritePool(TestDatabase.options, capacity: 1, statementTimeout: .seconds(10))
        let error = await #expect(throws: (any Error).self) {
            try await pool.query("DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '\(state)'; END $$", [])
        }
        await pool.close()
        return try #require(error)
    }

    @Test(arguments: passing)
    func whatPassesByItselfIsTemporary(_ state: String) async throws {
        let error = try #require(try await Self.error(state) as? any TemporarilyUnavailable)
        #expect(error.retryAfter >= .seconds(1))
    }

    @Test(arguments: staying)
    func whatStaysIsAFault(_ state: String) async throws {
        #expect((try await Self.error(state) as? PostgresError)?.sqlState == state)
    }

    /// Undefined tables, columns, objects and functions exist once the schema is migrated.
    @Test(arguments: ["42P01", "42703", "42704", "42883"])
    func anotherSchemaPasses(_ state: String) async throws {
        #expect(try await Self.error(state) is SchemaMismatch)
    }

    @Test func aFullDiskTakesLongerToPass() {
        let full = StoreUnavailable.or(PostgresError(.server, "", sqlState: "53100")) as? any TemporarilyUnavailable
        #expect(full?.retryAfter == .seconds(60))
    }

    @Test func whoCancelledIsNotToldOfTheDatabase() {
        #expect(StoreUnavailable.or(PostgresError(.cancelled, "")) is CancellationError)
    }
}
