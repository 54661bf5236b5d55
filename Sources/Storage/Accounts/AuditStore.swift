package import Accounts
import Postgres

/// The audit log in PostgreSQL.
package struct AuditStore: AuditRepository {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// Entries, the newest first.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func entries(_ query: AuditQuery) async throws -> [StoredAuditEntry] {
        try await database.query(
            sql[.auditEntries],
            [query.actor, query.action, query.target, query.outcome?.rawValue, query.since, query.limit]
        ).map { row in
            var fields = row.fields
            return StoredAuditEntry(
                id: try fields.next("id"), at: try fields.next("at"),
                entry: AuditEntry(
                    actor: try fields.next("actor"), address: try fields.next("address"),
                    action: try fields.next("action"), target: try fields.next("target"),
                    outcome: AuditEntry.Outcome(rawValue: try fields.next("outcome")) ?? .failed,
                    status: try fields.next("status"), detail: try fields.next("detail")))
        }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func record(_ entries: [AuditEntry]) async throws {
        func column(_ value: (AuditEntry) -> String?) -> PostgresArray<String> {
            // A text in PostgreSQL cannot hold NUL.
            PostgresArray(entries.map { (value($0) ?? "").replacing("\0", with: "\u{FFFD}") })
        }
        _ = try await database.query(
            sql[.auditRecord],
            [
                column(\.actor), column(\.address), column(\.action), column(\.target), column(\.outcome.rawValue),
                PostgresArray(entries.map { $0.status ?? 0 }), column(\.detail),
            ])
    }
}
