package import Accounts
package import Domain
import Postgres

/// API keys, as the commands change them. Every change is written to the audit log.
package struct KeyStore: Sendable {
    private let database: any QueryRunner
    private let audit: AuditStore

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        audit = AuditStore(database, sql: sql)
    }

    package enum State: String, Sendable, Encodable {
        case good
        case expired
        case revoked
    }

    package struct Key: Sendable {
        package let name: String
        package let role: Role
        /// The datasets the key is limited to; `nil` for all that its role may see.
        package let datasets: [Slug]?
        package let state: State
        package let expires: Instant?
    }

    /// All API keys, by name.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func keys() async throws -> [Key] {
        try await database.query(
            """
            SELECT name, role::text, array_to_string(datasets, ',') AS datasets, CASE
                WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'good'
                END AS state, expires_at
            FROM api_keys ORDER BY name
            """, []
        ).map { row in
            var fields = row.fields
            return Key(
                name: try fields.next("name"), role: try fields.next("role"),
                datasets: try fields.next("datasets", as: String?.self).map([Slug].init(list:)),
                state: State(rawValue: try fields.next("state")) ?? .revoked,
                expires: try fields.next("expires_at"))
        }
    }

    /// Creates an API key. Its secret is returned only here; the database keeps its hash.
    /// - Parameters:
    ///   - datasets: The only datasets the key is valid for; `nil` for all that its role may see.
    ///   - days: Days until the key expires; `nil` for never.
    /// - Throws: `StorageError` with code `.account` for an invalid name or one that was used before, and `.dataset`
    ///   when a dataset does not exist; what ``QueryRunner/query(_:_:)`` throws.
    package func add(_ name: String, role: Role, datasets: [Slug]?, days: Int?) async throws -> Secret {
        guard PasswordRules.isName(name) else {
            throw StorageError(
                .account, "\"\(name)\" is not a valid name: use 1 to 63 of a-z, 0-9 and ._@-, a letter or digit first")
        }
        for dataset in datasets ?? [] {
            let known = try await database.query("SELECT 1 FROM datasets WHERE slug = $1", [dataset])
            if known.first == nil { throw StorageError.noDataset(dataset) }
        }
        let secret = Secret.random(.apiKey)
        let rows = try await database.query(
            """
            INSERT INTO api_keys (name, hash, role, datasets, expires_at)
            VALUES ($1, $2, $3::user_role, $4, now() + make_interval(days => $5::int))
            ON CONFLICT (name) DO NOTHING RETURNING 1
            """,
            [name, PostgresBytes(secret.hash), role.rawValue, datasets.map { PostgresArray($0) }, days])
        guard rows.first != nil else {
            throw StorageError(
                .account, "a key named \(name) exists or existed: use another name, because names stay in the audit log"
            )
        }
        let scope = datasets.map { " for \($0.map(\.text).joined(separator: ", "))" } ?? ""
        try await record("keys add", name, "role \(role.rawValue)\(scope)")
        return secret
    }

    /// Revokes an API key for good.
    /// - Returns: Whether the key was not revoked before.
    /// - Throws: `StorageError` with code `.account` when there is no such key; what ``QueryRunner/query(_:_:)``
    ///   throws.
    package func revoke(_ name: String) async throws -> Bool {
        let rows = try await database.query(
            "UPDATE api_keys SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL RETURNING 1", [name])
        if rows.first == nil {
            let known = try await database.query("SELECT 1 FROM api_keys WHERE name = $1", [name])
            if known.first == nil { throw StorageError(.account, "there is no key \(name)") }
            return false
        }
        try await record("keys revoke", name)
        return true
    }

    private func record(_ action: String, _ target: String, _ detail: String? = nil) async throws {
        try await audit.record([
            AuditEntry(actor: "command", action: action, target: target, outcome: .done, detail: detail)
        ])
    }
}
