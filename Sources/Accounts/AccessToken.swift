/// The claims of an access token: the session it belongs to, and when it expires.
///
/// It says nothing of rights. They are looked up at every request, so that a right that is taken away is gone at
/// once.
package struct AccessToken: Hashable, Sendable {
    package let user: String
    package let session: Int64
    /// Seconds since 1970.
    package let issuedAt: Int64
    package let expiresAt: Int64

    package init(user: String, session: Int64, issuedAt: Int64, expiresAt: Int64) {
        self.user = user
        self.session = session
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
