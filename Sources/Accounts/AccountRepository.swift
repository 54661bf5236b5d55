/// Accounts, as a server needs them.
package protocol AccountRepository: Sendable {
    /// The version of all rights as it is now, whatever was heard of it.
    func accessVersion() async throws -> Int64

    /// Whose session it is, with the rights they have now; `nil` when the session or the account is over.
    func principal(ofSession session: Int64) async throws -> Principal?

    /// Whose key has that hash; `nil` when there is none, or it was revoked or has expired.
    func principal(ofKey hash: [UInt8]) async throws -> Principal?

    /// The password of an account that is not disabled; `nil` when there is no such account.
    func password(of user: String) async throws -> StoredPassword?

    /// Counts an attempt to sign in as failed until ``openSession(of:epoch:refresh:lifetime:subjects:)`` says
    /// otherwise, so that attempts made at once are counted too.
    /// - Returns: How long to wait before the next; `nil` when this one may go on.
    func beginSignIn(_ subjects: [SignInSubject]) async throws -> Duration?

    /// Opens a session for who gave the right password; the attempt no longer counts.
    /// - Parameters:
    ///   - epoch: That of the password that was given.
    ///   - refresh: Hash of the session's first refresh token.
    /// - Returns: `nil` when the account got another password or was disabled meanwhile, even if it was enabled again
    ///   since.
    func openSession(
        of user: String, epoch: Int64, refresh: [UInt8], lifetime: Duration, subjects: [SignInSubject]
    ) async throws -> Int64?

    /// Uses a refresh token, which is then good no more, and puts the next in its place.
    func renew(refresh: [UInt8], next: [UInt8]) async throws -> Renewal

    /// Ends the session that a refresh token belongs to.
    /// - Returns: Whose it was; `nil` when the token is unknown or its session was over.
    func revoke(refresh: [UInt8]) async throws -> String?

    /// Ends a session.
    /// - Returns: Whose it was; `nil` when it was over.
    func revoke(session: Int64) async throws -> String?
}

/// A password as it is known at one moment.
package struct StoredPassword: Sendable {
    package let hash: PasswordHash
    /// Grows whenever the account is disabled or gets another password.
    package let epoch: Int64

    package init(hash: PasswordHash, epoch: Int64) {
        self.hash = hash
        self.epoch = epoch
    }
}

/// What came of a refresh token.
package enum Renewal: Hashable, Sendable {
    case renewed(session: Int64, user: String)
    /// It was used before: somebody has a copy, and the session is closed.
    case reused(user: String)
    case unknown
}
