/// Where the audit log is kept.
package protocol AuditRepository: Sendable {
    func record(_ entries: [AuditEntry]) async throws
}
