/// One line of the audit log. It must not contain secrets.
package struct AuditEntry: Hashable, Sendable {
    package enum Outcome: String, Sendable {
        case done
        /// Allowed, but not completed.
        case failed
        case refused
    }

    package var actor: String
    /// The client address; `nil` for a command.
    package var address: String?
    /// The method and template of the route, or the name of the command.
    package var action: String
    /// The object that was acted on.
    package var target: String?
    package var outcome: Outcome
    /// The status of the HTTP answer.
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
