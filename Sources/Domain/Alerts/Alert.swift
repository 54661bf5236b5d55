/// An alert that a rule has raised, and what became of it.
package struct Alert: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// The rule has no webhook.
        case kept
        /// It is to be sent, for the first time or again.
        case waiting
        case sent
        /// Sending it has failed too often.
        case givenUp = "given_up"
    }

    package var id: Int64
    package var dataset: Slug
    package var rule: String
    package var condition: String
    package var resolution: Int?
    package var asOf: LocalDay?
    package var message: String
    /// How many cells it is about.
    package var total: Int
    /// The first cells: a JSON array as text.
    package var cells: String
    package var createdAt: Instant
    package var state: State
    package var attempts: Int
    package var sentAt: Instant?
    /// Why the last attempt failed.
    package var error: String?

    package init(
        id: Int64, dataset: Slug, rule: String, condition: String, resolution: Int? = nil, asOf: LocalDay? = nil,
        message: String, total: Int = 0, cells: String = "[]", createdAt: Instant, state: State = .kept,
        attempts: Int = 0, sentAt: Instant? = nil, error: String? = nil
    ) {
        self.id = id
        self.dataset = dataset
        self.rule = rule
        self.condition = condition
        self.resolution = resolution
        self.asOf = asOf
        self.message = message
        self.total = total
        self.cells = cells
        self.createdAt = createdAt
        self.state = state
        self.attempts = attempts
        self.sentAt = sentAt
        self.error = error
    }
}

extension Alert: Listed {
    package var cursor: Int64 { id }
}

package struct AlertQuery: Hashable, Sendable {
    /// The datasets that the account can see.
    package var visible: DatasetScope
    package var dataset: Slug?
    package var rule: String?
    package var state: Alert.State?

    package init(visible: DatasetScope = .all, dataset: Slug? = nil, rule: String? = nil, state: Alert.State? = nil) {
        self.visible = visible
        self.dataset = dataset
        self.rule = rule
        self.state = state
    }
}

/// The alerts that were raised.
package protocol AlertRepository: Sendable {
    /// A page of alerts, the newest first.
    func alerts(_ query: AlertQuery, _ page: PageRequest<Alert>) async throws -> Page<Alert>
}
