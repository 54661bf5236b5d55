package import Accounts
package import Domain

/// A selection of entries of the audit log.
package struct AuditQuery: Hashable, Sendable {
    package var actor: String?
    /// The beginning of the action.
    package var action: String?
    package var target: String?
    package var outcome: AuditEntry.Outcome?
    package var since: Instant?
    package var limit: Int

    package init(
        actor: String? = nil, action: String? = nil, target: String? = nil, outcome: AuditEntry.Outcome? = nil,
        since: Instant? = nil, limit: Int
    ) {
        self.actor = actor
        self.action = action
        self.target = target
        self.outcome = outcome
        self.since = since
        self.limit = limit
    }
}

/// An entry of the audit log as it is stored.
package struct StoredAuditEntry: Hashable, Sendable {
    package let id: Int64
    package let at: Instant
    package let entry: AuditEntry
}
