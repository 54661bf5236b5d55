/// The accounts, sessions and API keys that a server looks up.
package protocol AccountRepository: Sendable {
    /// The current version of all rights, read from the store.
    func accessVersion() async throws -> Int64

    /// The account that a session belongs to, with its current rights; `nil` when the session or the account has
    /// ended.
    func principal(ofSession session: Int64) async throws -> Principal?

    /// The API key with this hash; `nil` when there is none, or when it was revoked or has expired.
    func principal(ofKey hash: [UInt8]) async throws -> Principal?

    /// The password of an enabled account; `nil` when there is no such account.
    func password(of user: String) async throws -> StoredPassword?

    /// Counts an attempt to sign in as failed until ``openSession(of:epoch:refresh:lifetime:subjects:)`` takes it
    /// back, so that simultaneous attempts are counted too.
    /// - Returns: How long to wait before the next attempt; `nil` when this one may go on.
    func beginSignIn(_ subjects: [SignInSubject]) async throws -> Duration?

    /// Opens a session for a user who gave the right password; the attempt no longer counts as failed.
    /// - Parameters:
    ///   - epoch: The epoch of the password that was given.
    ///   - refresh: Hash of the session's first refresh token.
    /// - Returns: `nil` when the account has got another password or was disabled in the meantime, even if it is
    ///   enabled again.
    func openSession(
        of user: String, epoch: Int64, refresh: [UInt8], lifetime: Duration, subjects: [SignInSubject]
    ) async throws -> Int64?

    /// Uses up a refresh token and stores the next one in its place.
    func renew(refresh: [UInt8], next: [UInt8]) async throws -> Renewal

    /// Ends the session that a refresh token belongs to.
    /// - Returns: The user; `nil` when the token is unknown or its session has ended.
    func revoke(refresh: [UInt8]) async throws -> String?

    /// Ends a session.
    /// - Returns: The user; `nil` when the session had ended before.
    func revoke(session: Int64) async throws -> String?
}

/// A user's password and the epoch it was read in.
package struct StoredPassword: Sendable {
    package let hash: PasswordHash
    /// Grows whenever the account is disabled or gets another password.
    package let epoch: Int64

    package init(hash: PasswordHash, epoch: Int64) {
        self.hash = hash
        self.epoch = epoch
    }
}

/// The outcome of using a refresh token.
package enum Renewal: Hashable, Sendable {
    case renewed(session: Int64, user: String)
    /// The token was used before: somebody has a copy, so the session is closed.
    case reused(user: String)
    case unknown
}
