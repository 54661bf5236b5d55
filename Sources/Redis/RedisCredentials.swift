/// The name and password for AUTH.
///
/// It is never printed, not even by `dump`.
package struct RedisCredentials: Sendable, Equatable {
    /// The name; nil for servers or users without one.
    package var user: String?
    package var password: String

    package init(user: String? = nil, password: String) {
        self.user = user
        self.password = password
    }
}

extension RedisCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
