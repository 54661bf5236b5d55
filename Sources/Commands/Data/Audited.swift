import Accounts
import Postgres
import Storage

/// Does the work of a command and records the outcome in the audit log.
/// - Parameters:
///   - target: The object that is acted on.
///   - connection: The connection that writes the entry; by default one of its own.
///   - work: Returns the result, and a detail for the audit log.
func audited<Output: Sendable>(
    _ action: String, target: String? = nil, _ options: PostgresOptions, _ sql: SQLFiles,
    on connection: PostgresConnection? = nil, _ work: () async throws -> (Output, detail: String)
) async throws -> Output {
    func record(_ outcome: AuditEntry.Outcome, _ detail: String) async throws {
        let entry = AuditEntry(
            actor: "command", action: action, target: target, outcome: outcome, detail: String(detail.prefix(512)))
        if let connection { return try await AuditStore(connection, sql: sql).record([entry]) }
        try await PostgresConnection.withConnection(options) { try await AuditStore($0, sql: sql).record([entry]) }
    }
    let output: Output
    let detail: String
    do {
        (output, detail) = try await work()
    } catch {
        // The database itself may have failed. Its first error is the one to report.
        try? await record(.failed, "\(error)")
        throw error
    }
    try await record(.done, detail)
    return output
}
