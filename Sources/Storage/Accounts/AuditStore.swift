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
