package import Accounts

/// What tells who asks, and keeps what was asked.
package struct AccountSources: Sendable {
    package var accounts: any AccountRepository
    package var audit: AuditTrail
    package var access: AccessVersion
    /// Without it nobody can sign in with a password; API keys are good all the same.
    package var tokens: TokenSigner?

    package init(
        accounts: any AccountRepository, audit: AuditTrail, access: AccessVersion, tokens: TokenSigner?
    ) {
        self.accounts = accounts
        self.audit = audit
        self.access = access
        self.tokens = tokens
    }
}
