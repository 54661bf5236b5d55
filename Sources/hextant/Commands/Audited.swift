import Accounts
import Postgres
import Storage

/// Does the work of a command and writes into the audit log what came of it.
/// - Parameters:
///   - target: what it is done to.
///   - connection: the session to write it by; by default one of its own.
///   - work: gives the outcome, and what of it is worth keeping.
func audited<Output: Sendable>(
    _ action: String, target: String? = nil, _ options: PostgresOptions, _ sql: SQLFiles,
    on connection: PostgresConnection? = nil, _ work: () async throws -> (Output, detail: String)
) async throws -> Output {
    func record(_ outcome: AuditEntry.Outcome, _ detail: String) async throws {
        let entry = AuditEntry(
            actor: "command", action: action, target: target, outcome: outcome, detail: String(detail.prefix(512)))
        if let connection { return try await AuditStore(connection, sql: sql).record([entry]) }
        try await PostgresConnection.withSession(options) { try await AuditStore($0, sql: sql).record([entry]) }
    }
    let output: Output
    let detail: String
    do {
        (output, detail) = try await work()
    } catch {
        // What went wrong may be the database, and that is the error to tell.
        try? await record(.failed, "\(error)")
        throw error
    }
    try await record(.done, detail)
    return output
}
