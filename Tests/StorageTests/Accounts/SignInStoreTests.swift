import Accounts
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase(), .serialized)
struct SignInStoreTests {
    private static func withStore<Output: Sendable>(
        _ body: (SignInStore) async throws -> Output
    ) async throws -> Output {
        let pool = WritePool(TestDatabase.options, capacity: 8, statementTimeout: .seconds(60))
        do {
            let output = try await body(SignInStore(pool, sql: Checkout.sql()))
            await pool.close()
            return output
        } catch {
            await pool.close()
            throw error
        }
    }

    private static func addUser(_ name: String) async throws {
        try await withConnection { connection in
            _ = try await connection.query(
                "INSERT INTO users (username, password_hash, role) VALUES ($1, 'x', 'analyst')", [name])
        }
    }

    /// Only the free ones of many simultaneous attempts pass.
    @Test func attemptsMadeAtOnceAreCountedEach() async throws {
        let passed = try await Self.withStore { store in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await store.beginSignIn([.user("crowd"), .address("192.0.2.1")]) == nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        // The fifth failure requires a wait of one second, which may pass while the forty are made.
        #expect((5...7).contains(passed))
    }

    /// - Parameter failures: failures counted before.
    @Test(arguments: [(3, 0.0), (4, 1), (5, 2), (6, 4), (9, 32), (10, 60), (1000, 60)])
    func eachFailureDoublesTheWaitUpToAMinute(failures: Int, wait: Double) async throws {
        let subject = SignInSubject.user("doubled \(failures)")
        let found = try await Self.withStore { store in
            #expect(try await store.beginSignIn([subject]) == nil)
            try await withConnection { connection in
                _ = try await connection.query(
                    "UPDATE login_attempts SET failures = $2 WHERE subject = $1",
                    [PostgresBytes(subject.hash), failures])
            }
            #expect(try await store.beginSignIn([subject]) == nil)
            return try await withConnection { connection in
                try await connection.query(
                    """
                    SELECT greatest(0, round(extract(epoch FROM blocked_until - updated_at)))::float8
                    FROM login_attempts WHERE subject = $1
                    """, [PostgresBytes(subject.hash)])[0].get(0, as: Double.self)
            }
        }
        #expect(found == wait)
    }

    @Test func oldFailuresAreForgotten() async throws {
        let subject = SignInSubject.user("forgotten")
        try await Self.withStore { store in
            #expect(try await store.beginSignIn([subject]) == nil)
            try await withConnection { connection in
                _ = try await connection.query(
                    """
                    UPDATE login_attempts SET failures = 50, updated_at = now() - interval '16 minutes'
                    WHERE subject = $1
                    """, [PostgresBytes(subject.hash)])
            }
            for _ in 0..<5 { #expect(try await store.beginSignIn([subject]) == nil) }
            #expect(try await store.beginSignIn([subject]) != nil)
        }
    }

    @Test func aRefreshTokenUsedAtOnceByManyIsGoodForNobody() async throws {
        try await Self.addUser("robbed")
        try await Self.withStore { store in
            let first = Secret.random(.refreshToken).hash
            let session = try #require(
                try await store.openSession(
                    of: "robbed", epoch: 0, refresh: first, lifetime: .seconds(60), subjects: []))
            #expect(try await store.principal(ofSession: session)?.role == .analyst)
            let renewals = try await withThrowingTaskGroup(of: Renewal.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await store.renew(refresh: first, next: Secret.random(.refreshToken).hash) }
                }
                return try await group.reduce(into: [Renewal]()) { $0.append($1) }
            }
            #expect(renewals.filter { $0 == .renewed(session: session, user: "robbed") }.count == 1)
            #expect(renewals.contains(.reused(user: "robbed")))
            #expect(try await store.principal(ofSession: session) == nil)
        }
    }

    @Test func aSessionEndsWithItsTime() async throws {
        try await Self.addUser("timed")
        try await Self.withStore { store in
            let refresh = Secret.random(.refreshToken).hash
            let session = try #require(
                try await store.openSession(
                    of: "timed", epoch: 0, refresh: refresh, lifetime: .seconds(60), subjects: []))
            try await withConnection { connection in
                try await connection.execute("UPDATE sessions SET expires_at = now() WHERE id = \(session)")
            }
            #expect(try await store.principal(ofSession: session) == nil)
            #expect(try await store.renew(refresh: refresh, next: Secret.random(.refreshToken).hash) == .unknown)
        }
    }

    @Test(arguments: [
        "UPDATE users SET role = 'admin' WHERE username = 'changing'",
        "UPDATE users SET disabled_at = now() WHERE username = 'changing'",
        "INSERT INTO dataset_grants SELECT 'watched', id FROM users WHERE username = 'changing'",
        "DELETE FROM dataset_grants",
        "UPDATE datasets SET visibility = 'private' WHERE slug = 'watched'",
        "UPDATE api_keys SET revoked_at = now()",
        "UPDATE sessions SET revoked_at = now()",
        "DELETE FROM datasets WHERE slug = 'watched'",
        "DELETE FROM users WHERE username = 'changing'",
    ])
    func everyChangeOfARightRaisesTheVersion(_ change: String) async throws {
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO datasets (slug, title, licence, attribution, visibility, resolutions)
                VALUES ('watched', 't', 'l', 'a', 'public', '{7}') ON CONFLICT DO NOTHING;
                INSERT INTO users (username, password_hash, role) VALUES ('changing', 'x', 'public')
                ON CONFLICT DO NOTHING
                """)
            let before = try await connection.query("SELECT version FROM access_version")[0].get(0, as: Int64.self)
            try await connection.execute(change)
            let after = try await connection.query("SELECT version FROM access_version")[0].get(0, as: Int64.self)
            #expect(after > before)
        }
    }

    @Test func readersSeeNothingSecret() async throws {
        try await withReaders { pool in
            _ = try await pool.query("SELECT version FROM access_version")
            for table in ["users", "api_keys", "sessions", "refresh_tokens", "login_attempts", "audit_log"] {
                let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT FROM \(table)") }
                #expect(error?.sqlState == "42501")
            }
        }
    }
}
