package import Accounts
import Domain
import Postgres

/// The accounts, sessions and API keys that a server looks up in PostgreSQL.
package struct SignInStore: AccountRepository {
    private let database: any QueryRunner
    private let sql: SQLFiles

    /// - Parameter database: Must be allowed to read and write the tables of accounts.
    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func principal(ofSession session: Int64) async throws -> Principal? {
        try await database.query(sql[.sessionPrincipal], [session]).map { row in
            Principal(
                identity: .user(try row.get(0)), role: try row.role(1),
                granted: Set(try row.get(2, as: String?.self).map([Slug].init(list:)) ?? []))
        }.first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func principal(ofKey hash: [UInt8]) async throws -> Principal? {
        try await database.query(
            """
            SELECT name, role::text, array_to_string(datasets, ',') FROM api_keys
            WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """, [PostgresBytes(hash)]
        ).map { row in
            Principal(
                identity: .key(try row.get(0)), role: try row.role(1),
                confinedTo: try row.get(2, as: String?.self).map { Set([Slug](list: $0)) })
        }.first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func accessVersion() async throws -> Int64 {
        try await database.query("SELECT version FROM access_version", [])[0].get(0)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func password(of user: String) async throws -> StoredPassword? {
        let rows = try await database.query(
            "SELECT password_hash, epoch FROM users WHERE username = $1 AND disabled_at IS NULL", [user])
        guard let row = rows.first, let hash = PasswordHash(try row.get(0, as: String.self)) else { return nil }
        return StoredPassword(hash: hash, epoch: try row.get(1))
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func beginSignIn(_ subjects: [SignInSubject]) async throws -> Duration? {
        _ = try await database.query(
            "DELETE FROM login_attempts WHERE updated_at < now() - interval '1 hour'", [])
        let row = try await database.query(
            sql[.signInBegin],
            [
                PostgresArray(subjects.map { PostgresBytes($0.hash) }), PostgresArray(subjects.map(\.free)),
                PostgresArray(subjects.map(\.longest)),
            ])[0]
        return try row.get(0) ? nil : .seconds(try row.get(1, as: Double.self))
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func openSession(
        of user: String, epoch: Int64, refresh: [UInt8], lifetime: Duration, subjects: [SignInSubject]
    ) async throws -> Int64? {
        _ = try await database.query("DELETE FROM sessions WHERE expires_at < now() - interval '1 day'", [])
        let subjects = PostgresArray(subjects.map { PostgresBytes($0.hash) })
        let rows = try await database.query(
            sql[.sessionOpen], [user, epoch, PostgresBytes(refresh), Double(lifetime.components.seconds), subjects])
        return try rows.first.map { try $0.get(0, as: Int64.self) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func renew(refresh: [UInt8], next: [UInt8]) async throws -> Renewal {
        let renewed = try await database.query(sql[.sessionRenew], [PostgresBytes(refresh), PostgresBytes(next)])
        if let row = renewed.first { return .renewed(session: try row.get(0), user: try row.get(1)) }
        return try await revoke(session: nil, refresh: refresh, onlyUsed: true).map { .reused(user: $0) } ?? .unknown
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func revoke(refresh: [UInt8]) async throws -> String? {
        try await revoke(session: nil, refresh: refresh, onlyUsed: false)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func revoke(session: Int64) async throws -> String? {
        try await revoke(session: session, refresh: nil, onlyUsed: false)
    }

    private func revoke(session: Int64?, refresh: [UInt8]?, onlyUsed: Bool) async throws -> String? {
        let rows = try await database.query(
            sql[.sessionRevoke], [session, refresh.map { PostgresBytes($0) }, onlyUsed])
        return try rows.first.map { try $0.get(0, as: String.self) }
    }
}

extension PostgresRow {
    func role(_ column: Int) throws(PostgresError) -> Role {
        guard let role = Role(rawValue: try get(column)) else {
            throw PostgresError(.decoding, "column \(column) is not a role")
        }
        return role
    }
}
