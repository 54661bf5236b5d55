import Accounts
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

/// Sessions that are opened and renewed at the moment at which an account is shut out or gets another password.
@Suite(migratedDatabase(), .serialized)
struct SessionRaceTests {
    private static let lifetime = Duration.seconds(600)

    private static func withStore(_ body: (SignInStore) async throws -> Void) async throws {
        let pool = WritePool(TestDatabase.options, capacity: 8, statementTimeout: .seconds(60))
        do {
            try await body(SignInStore(pool, sql: Checkout.sql()))
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private static func addUser(_ name: String) async throws {
        let hash = "$scrypt$ln=1,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        try await withConnection { connection in
            _ = try await connection.query(
                "INSERT INTO users (username, password_hash, role) VALUES ($1, $2, 'analyst')", [name, hash])
        }
    }

    private static func change(_ name: String, by assignment: String) async throws {
        try await withConnection { connection in
            _ = try await connection.query("UPDATE users SET \(assignment) WHERE username = $1", [name])
        }
    }

    private static func alive(_ name: String) async throws -> Int {
        try await value(
            """
            SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE u.username = $1 AND s.revoked_at IS NULL
            """, [name])
    }

    @Test(arguments: ["disabled_at = now()", "password_hash = password_hash || 'A'"])
    func noSessionOutlivesTheChangeOfItsAccount(change: String) async throws {
        let user = change.hasPrefix("disabled") ? "shut-out" : "renamed"
        try await Self.addUser(user)
        try await Self.withStore { store in
            for round in 0..<60 {
                let epoch: Int64 = try await value("SELECT epoch FROM users WHERE username = $1", [user])
                var tokens: [[UInt8]] = []
                for _ in 0..<2 {
                    let token = Secret.random(.refreshToken).hash
                    #expect(
                        try await store.openSession(
                            of: user, epoch: epoch, refresh: token, lifetime: Self.lifetime, subjects: []) != nil)
                    tokens.append(token)
                }
                let next = (0..<4).map { _ in Secret.random(.refreshToken).hash }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (place, token) in tokens.enumerated() {
                        group.addTask { _ = try await store.renew(refresh: token, next: next[place]) }
                    }
                    for place in 2..<4 {
                        group.addTask {
                            _ = try await store.openSession(
                                of: user, epoch: epoch, refresh: next[place], lifetime: Self.lifetime, subjects: [])
                        }
                    }
                    group.addTask {
                        // A different moment of the other tasks in each round.
                        try await Task.sleep(for: .microseconds(round * 100))
                        try await Self.change(user, by: change)
                    }
                    try await group.waitForAll()
                }
                try await Self.change(user, by: "disabled_at = NULL")
                #expect(try await Self.alive(user) == 0, "round \(round)")
                for token in tokens + next {
                    let renewal = try await store.renew(refresh: token, next: Secret.random(.refreshToken).hash)
                    #expect(renewal == .unknown, "round \(round)")
                }
            }
        }
    }

    @Test func aSignInThatWasBegunBeforeComesToNothing() async throws {
        try await Self.addUser("early")
        try await Self.withStore { store in
            let password = try #require(try await store.password(of: "early"))
            try await Self.change("early", by: "disabled_at = now()")
            try await Self.change("early", by: "disabled_at = NULL")
            let late = try await store.openSession(
                of: "early", epoch: password.epoch, refresh: Secret.random(.refreshToken).hash,
                lifetime: Self.lifetime, subjects: [])
            #expect(late == nil)
            let again = try #require(try await store.password(of: "early"))
            let open = try await store.openSession(
                of: "early", epoch: again.epoch, refresh: Secret.random(.refreshToken).hash, lifetime: Self.lifetime,
                subjects: [])
            #expect(open != nil)
        }
    }
}
