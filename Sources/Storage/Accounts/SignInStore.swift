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
            var fields = row.fields
            return Principal(
                identity: .user(try fields.next("username")), role: try fields.next("role"),
                granted: Set(try fields.next("grants", as: String?.self).map([Slug].init(list:)) ?? []))
        }.first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func principal(ofKey hash: [UInt8]) async throws -> Principal? {
        try await database.query(
            """
            SELECT name, role::text, array_to_string(datasets, ',') AS datasets FROM api_keys
            WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """, [PostgresBytes(hash)]
        ).map { row in
            var fields = row.fields
            return Principal(
                identity: .key(try fields.next("name")), role: try fields.next("role"),
                confinedTo: try fields.next("datasets", as: String?.self).map { Set([Slug](list: $0)) })
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
        guard var fields = rows.first?.fields,
            let hash = PasswordHash(try fields.next("password_hash", as: String.self))
        else { return nil }
        return StoredPassword(hash: hash, epoch: try fields.next("epoch"))
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func beginSignIn(_ subjects: [SignInSubject]) async throws -> Duration? {
        _ = try await database.query(
            "DELETE FROM login_attempts WHERE updated_at < now() - interval '1 hour'", [])
        var fields = try await database.query(
            sql[.signInBegin],
            [
                PostgresArray(subjects.map { PostgresBytes($0.hash) }), PostgresArray(subjects.map(\.free)),
                PostgresArray(subjects.map(\.longest)),
            ])[0].fields
        return try fields.next("is_counted") ? nil : .seconds(try fields.next("wait", as: Double.self))
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
        if var fields = renewed.first?.fields {
            return .renewed(session: try fields.next("session"), user: try fields.next("username"))
        }
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
