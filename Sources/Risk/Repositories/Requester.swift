/// The user or key that asks for something that is stored or done later. By then the right is looked at once more.
package struct Requester: Hashable, Sendable {
    /// The session or key that a request was admitted by.
    package enum Credential: Hashable, Sendable {
        case session(Int64)
        /// Hash of an API key.
        case key([UInt8])
    }

    /// `user NAME` or `key NAME`, as the audit log names them. No two accounts have the same.
    package let name: String
    package let credential: Credential

    package init(name: String, credential: Credential) {
        self.name = name
        self.credential = credential
    }

    /// The key of a request as it is stored: the same text of somebody else, or for another route, is another key.
    ///
    /// - Parameters:
    ///   - key: Without blanks.
    ///   - route: Method and path.
    package func scoped(_ key: String, route: String? = nil) -> String {
        [name, route, key].compactMap { $0 }.joined(separator: " ")
    }
}
