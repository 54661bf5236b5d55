import Accounts
import Logging
import Synchronization

@testable import Server

/// Accounts in memory. Calls are counted, and the test sets the results.
final class MemoryAccounts: AccountRepository, AuditRepository {
    struct State {
        var keys: [[UInt8]: Principal] = [:]
        var asked = 0
        /// Version of all rights.
        var version: Int64 = 1
        var entries: [AuditEntry] = []
        /// Called after a principal was read and before it is returned.
        var afterPrincipal: @Sendable () -> Void = {}
    }

    private let state: Mutex<State>

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    var now: State { state.withLock { $0 } }

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func sources(_ access: AccessVersion) -> AccountSources {
        AccountSources(
            accounts: self, audit: AuditTrail(self, logger: Logger(label: "test")), access: access, tokens: nil)
    }

    func principal(ofKey hash: [UInt8]) async throws -> Principal? {
        let (principal, after) = state.withLock { state in
            state.asked += 1
            return (state.keys[hash], state.afterPrincipal)
        }
        after()
        return principal
    }

    func accessVersion() async throws -> Int64 { now.version }

    func record(_ entries: [AuditEntry]) async throws { state.withLock { $0.entries += entries } }

    // There are no users in memory.
    func principal(ofSession session: Int64) async throws -> Principal? { nil }
    func password(of user: String) async throws -> StoredPassword? { nil }
    func beginSignIn(_ subjects: [SignInSubject]) async throws -> Duration? { nil }
    func openSession(
        of user: String, epoch: Int64, refresh: [UInt8], lifetime: Duration, subjects: [SignInSubject]
    ) async throws -> Int64? { nil }
    func renew(refresh: [UInt8], next: [UInt8]) async throws -> Renewal { .unknown }
    func revoke(refresh: [UInt8]) async throws -> String? { nil }
    func revoke(session: Int64) async throws -> String? { nil }
}
