import Accounts
import Logging
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct AccessListenerTests {
    private static func change() async throws -> Int64 {
        try await withConnection { connection in
            try await connection.execute("UPDATE sessions SET revoked_at = now()")
            return try await connection.query("SELECT version FROM access_version")[0].get(0)
        }
    }

    private static func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test(.timeLimit(.minutes(1)))
    func aChangeIsHeardOfAndALostSessionIsToldAndOpenedAgain() async throws {
        let access = AccessVersion()
        var options = TestDatabase.options
        options.applicationName = "access listener"
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let listener = AccessListener(options, access: access, logger: logger)
        let task = Task { try await listener.run() }
        try await Self.until { access.value != nil }
        let version = try await Self.change()
        try await Self.until { access.value == version }
        try await withConnection { connection in
            try await connection.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'access listener'
                """)
        }
        try await Self.until { access.value == nil }
        let next = try await Self.change()
        try await Self.until { access.value == next }
        task.cancel()
        try await task.value
        #expect(access.value == nil)
    }
}
