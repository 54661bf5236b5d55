package import Domain

/// The account that sends a request, and what it may see.
package struct Principal: Hashable, Sendable {
    package enum Identity: Hashable, Sendable, CustomStringConvertible {
        case anonymous
        case user(String)
        case key(String)

        /// The name in the audit log.
        package var description: String {
            switch self {
            case .anonymous: "anonymous"
            case .user(let name): "user \(name)"
            case .key(let name): "key \(name)"
            }
        }
    }

    package let identity: Identity
    package let role: Role
    /// The private datasets that were granted to the account.
    package let granted: Set<Slug>
    /// The only datasets that the account can see; `nil` where the role and the grants decide.
    package let confined: Set<Slug>?

    package static let anonymous = Principal(identity: .anonymous, role: .public)

    package init(identity: Identity, role: Role, granted: Set<Slug> = [], confinedTo confined: Set<Slug>? = nil) {
        self.identity = identity
        self.role = role
        self.granted = granted
        self.confined = confined
    }

    package var isAnonymous: Bool { identity == .anonymous }

    /// Whether no dataset, now or later, is hidden from the account.
    package var seesEverything: Bool { role == .admin && confined == nil }

    /// - Parameter isPublic: Whether anybody may see the dataset.
    package func mayRead(_ dataset: Slug, isPublic: Bool) -> Bool {
        if let confined { return confined.contains(dataset) }
        return isPublic || role == .admin || granted.contains(dataset)
    }
}
