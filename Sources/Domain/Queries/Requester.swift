/// The user or API key on whose behalf something is stored or done later. The right is checked again then.
package struct Requester: Hashable, Sendable {
    /// The session or API key of the request.
    package enum Credential: Hashable, Sendable {
        case session(Int64)
        /// The hash of an API key.
        case key([UInt8])
    }

    /// The name in the audit log: `user NAME` or `key NAME`. No two accounts have the same.
    package let name: String
    package let credential: Credential

    package init(name: String, credential: Credential) {
        self.name = name
        self.credential = credential
    }

    /// The idempotency key in the form in which it is stored. The same text from another sender or for another route
    /// differs.
    ///
    /// - Parameters:
    ///   - key: The key that the client sent, without blanks.
    ///   - route: The method and path.
    package func scoped(_ key: String, route: String? = nil) -> String {
        [name, route, key].compactMap { $0 }.joined(separator: " ")
    }
}
