/// The store of the audit log.
package protocol AuditRepository: Sendable {
    func record(_ entries: [AuditEntry]) async throws
}
