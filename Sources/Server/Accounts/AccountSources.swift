package import Accounts

/// The stores that identify clients and record what they did.
package struct AccountSources: Sendable {
    package var accounts: any AccountRepository
    package var audit: AuditTrail
    package var access: AccessVersion
    /// The signer of access tokens; without it nobody can sign in with a password, but API keys still work.
    package var tokens: TokenSigner?

    package init(
        accounts: any AccountRepository, audit: AuditTrail, access: AccessVersion, tokens: TokenSigner?
    ) {
        self.accounts = accounts
        self.audit = audit
        self.access = access
        self.tokens = tokens
    }

    /// Takes note of a change of rights that this server has made, so that it holds here before the client is told that
    /// it is done. The other servers hear of it by NOTIFY.
    func noteChange() async {
        // The change is done and answered as done. While its version cannot be read, nothing that was looked up holds.
        guard let version = try? await accounts.accessVersion() else { return access.lose() }
        access.raise(to: version)
    }
}
