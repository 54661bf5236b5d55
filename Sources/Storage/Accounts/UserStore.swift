package import Accounts
package import Domain
package import Postgres

/// User accounts, as the commands change them. Every change is written to the audit log.
package struct UserStore: Sendable {
    private let database: PostgresConnection
    private let audit: AuditStore
    private let sql: SQLFiles

    package init(_ database: PostgresConnection, sql: SQLFiles) {
        self.database = database
        self.sql = sql
        audit = AuditStore(database, sql: sql)
    }

    package struct User: Sendable {
        package let name: String
        package let role: Role
        package let isDisabled: Bool
        /// The private datasets that were granted, ascending.
        package let grants: [Slug]
    }

    /// All users, by name.
    /// - Throws: `PostgresError`.
    package func users() async throws -> [User] {
        try await database.query(sql[.users], []).map { row in
            var fields = row.fields
            return User(
                name: try fields.next("username"), role: try fields.next("role"),
                isDisabled: try fields.next("is_disabled"),
                grants: try fields.next("grants", as: String?.self).map([Slug].init(list:)) ?? [])
        }
    }

    /// Adds a user. Does nothing if the user already exists with this role and password and is enabled.
    /// - Returns: Whether the user was added.
    /// - Throws: `StorageError` with code `.account` for an invalid name or password, and when the user exists with
    ///   another role or password or is disabled; `PostgresError`.
    package func add(_ name: String, role: Role, password: String) async throws -> Bool {
        guard PasswordRules.isName(name) else {
            throw StorageError(
                .account, "\"\(name)\" is not a valid name: use 1 to 63 of a-z, 0-9 and ._@-, a letter or digit first")
        }
        if let known = try await users().first(where: { $0.name == name }) {
            let hash = try await database.query("SELECT password_hash FROM users WHERE username = $1", [name])
            guard known.role == role, !known.isDisabled,
                try PasswordHash(try hash[0].get(0))?.matches(password) == true
            else {
                throw StorageError(
                    .account,
                    "user \(name) already exists with another role or password, or is disabled: "
                        + "use `hextant users set-role`, `set-password` or `enable`"
                )
            }
            return false
        }
        _ = try await database.query(
            "INSERT INTO users (username, password_hash, role) VALUES ($1, $2, $3::user_role)",
            [name, try Self.hash(password, of: name), role.rawValue])
        try await record("users add", name, "role \(role.rawValue)")
        return true
    }

    /// Gives a user another role.
    /// - Returns: Whether the user had another role before.
    /// - Throws: `StorageError` with code `.account` when there is no such user; `PostgresError`.
    package func setRole(of name: String, to role: Role) async throws -> Bool {
        try await change(
            name, "role = $2::user_role", [role.rawValue], unless: "role = $2::user_role", "users set-role",
            "role \(role.rawValue)")
    }

    /// Disables or enables a user. Disabling ends all sessions of the user, and the sign-ins under way, for good.
    /// - Returns: Whether that changed anything.
    /// - Throws: `StorageError` with code `.account` when there is no such user; `PostgresError`.
    package func setDisabled(_ isDisabled: Bool, _ name: String) async throws -> Bool {
        try await change(
            name, "disabled_at = CASE WHEN $2 THEN now() END", [isDisabled],
            unless: "(disabled_at IS NOT NULL) = $2", isDisabled ? "users disable" : "users enable")
    }

    /// Sets a new password. This ends every session that an older password opened or is about to open.
    /// - Throws: `StorageError` with code `.account` when there is no such user or the password is not accepted;
    ///   `PostgresError`.
    package func setPassword(of name: String, to password: String) async throws {
        _ = try await change(
            name, "password_hash = $2", [try Self.hash(password, of: name)], unless: "false", "users set-password")
    }

    /// Deletes a user with their sessions and grants, and cancels their jobs. The audit log keeps the name.
    /// - Throws: `StorageError` with code `.account` when there is no such user; `PostgresError`.
    package func delete(_ name: String) async throws {
        let isDeleted = try await database.transaction { connection in
            let rows = try await connection.query(
                "DELETE FROM users WHERE username = $1 RETURNING role::text", [name])
            if let row = rows.first {
                try await record("users delete", name, "role \(try row.get(0, as: String.self))")
            }
            return rows.first != nil
        }
        guard isDeleted else {
            throw StorageError(.account, "there is no user \(name): `hextant users list` lists them")
        }
    }

    /// Lets a user see a private dataset.
    /// - Returns: Whether the user could not see it before.
    /// - Throws: `StorageError` with code `.account` when there is no such user and `.dataset` when there is no such
    ///   dataset; `PostgresError`.
    package func grant(_ dataset: Slug, to name: String) async throws -> Bool {
        try await requireUser(name)
        try await requireDataset(dataset)
        let rows = try await database.query(
            """
            INSERT INTO dataset_grants (dataset, user_id) SELECT $1, id FROM users WHERE username = $2
            ON CONFLICT DO NOTHING RETURNING 1
            """, [dataset, name])
        if rows.first == nil { return false }
        try await record("datasets grant", dataset.text, "to \(name)")
        return true
    }

    /// Takes a grant back.
    /// - Returns: Whether there was one.
    /// - Throws: `StorageError` with code `.account` when there is no such user and `.dataset` when there is no such
    ///   dataset; `PostgresError`.
    package func revokeGrant(_ dataset: Slug, from name: String) async throws -> Bool {
        try await requireUser(name)
        try await requireDataset(dataset)
        let rows = try await database.query(
            """
            DELETE FROM dataset_grants
            WHERE dataset = $1 AND user_id = (SELECT id FROM users WHERE username = $2) RETURNING 1
            """, [dataset, name])
        if rows.first == nil { return false }
        try await record("datasets revoke", dataset.text, "from \(name)")
        return true
    }

    /// Changes an account and records it in the audit log, in one transaction.
    private func change(
        _ name: String, _ assignment: String, _ values: [any PostgresEncodable], unless same: String, _ action: String,
        _ detail: String? = nil
    ) async throws -> Bool {
        let isChanged = try await database.transaction { connection in
            let rows = try await connection.query(
                "UPDATE users SET \(assignment), updated_at = now() WHERE username = $1 AND NOT (\(same)) RETURNING 1",
                [name] + values)
            if rows.first != nil { try await record(action, name, detail) }
            return rows.first != nil
        }
        if !isChanged { try await requireUser(name) }
        return isChanged
    }

    private func requireUser(_ name: String) async throws {
        let rows = try await database.query("SELECT 1 FROM users WHERE username = $1", [name])
        if rows.first == nil { throw StorageError.noUser(name) }
    }

    private func requireDataset(_ slug: Slug) async throws {
        let rows = try await database.query("SELECT 1 FROM datasets WHERE slug = $1", [slug])
        if rows.first == nil { throw StorageError.noDataset(slug) }
    }

    private func record(_ action: String, _ target: String, _ detail: String? = nil) async throws {
        try await audit.record([
            AuditEntry(actor: "command", action: action, target: target, outcome: .done, detail: detail)
        ])
    }

    private static func hash(_ password: String, of name: String) throws -> String {
        if let fault = PasswordRules.fault(password, ofUser: name) { throw StorageError(.account, fault) }
        return try PasswordHash(of: password).description
    }
}
