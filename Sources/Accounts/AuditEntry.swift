/// One line of the audit log. Nothing secret belongs into it.
package struct AuditEntry: Hashable, Sendable {
    package enum Outcome: String, Sendable {
        case done
        /// Allowed, and came to nothing.
        case failed
        case refused
    }

    package var actor: String
    /// Where it came from; `nil` for a command.
    package var address: String?
    /// Method and template of the route, or the command.
    package var action: String
    /// What it was done to.
    package var target: String?
    package var outcome: Outcome
    /// Of the HTTP answer.
    package var status: Int?
    package var detail: String?

    package init(
        actor: String, address: String? = nil, action: String, target: String? = nil, outcome: Outcome,
        status: Int? = nil, detail: String? = nil
    ) {
        self.actor = actor
        self.address = address
        self.action = action
        self.target = target
        self.outcome = outcome
        self.status = status
        self.detail = detail
    }
}
