import Accounts
import Domain
import HTTPTypes
import Hummingbird
import Synchronization
import Web

/// Identifies the client by the token or API key in `Authorization: Bearer`.
///
/// The account of a session or key is remembered for one version of all rights, and never while changes could not be
/// heard of.
final class Authenticator: Sendable {
    typealias Credential = Requester.Credential

    private struct Known {
        let principal: Principal
        let version: Int64
        let until: ContinuousClock.Instant
    }

    /// How long an account is remembered. A session or key may expire without a change that is announced.
    private static let longestMemory = Duration.seconds(10)
    /// How many accounts are remembered.
    private static let capacity = 4096

    private let sources: AccountSources?
    private let known = Mutex<[Credential: Known]>([:])

    /// - Parameter sources: Without them no credential is valid.
    init(_ sources: AccountSources?) { self.sources = sources }

    /// The credential of a request; `nil` when it has none.
    /// - Throws: ``Problem`` 401 for a text that cannot be a credential of this server.
    func credential(of request: Request) throws(Problem) -> Credential? {
        let headers = request.headers[values: .authorization]
        guard let header = headers.first else { return nil }
        // One blank or more stands between the two (RFC 9110, 11.4), and none in a token or a key.
        let parts = header.split(separator: " ")
        guard headers.count == 1, parts.count == 2, parts[0].lowercased() == "bearer", let sources,
            let credential = Self.credential(String(parts[1]), sources)
        else { throw Self.refusal }
        return credential
    }

    /// The account that a credential belongs to; the anonymous one without a credential.
    /// - Throws: ``Problem`` 401 for an invalid or expired credential.
    func principal(of credential: Credential?) async throws -> Principal {
        guard let credential else { return .anonymous }
        guard let sources, let principal = try await principal(credential, sources) else { throw Self.refusal }
        return principal
    }

    /// Reads the version of all rights from the store instead of waiting to be told.
    func hearVersion() async throws {
        guard let sources, sources.access.value != nil else { return }
        sources.access.hear(try await sources.accounts.accessVersion())
    }

    private static func credential(_ text: String, _ sources: AccountSources) -> Credential? {
        if let secret = Secret(text, .apiKey) { return .key(secret.hash) }
        let now = Instant.now.seconds
        return sources.tokens?.read(text, now: now).map { .session($0.session) }
    }

    private func principal(_ credential: Credential, _ sources: AccountSources) async throws -> Principal? {
        // Read before the look-up, so that a change in the meantime makes its result obsolete.
        let version = sources.access.value
        if let version, let found = known.withLock({ $0[credential] }), found.version == version, .now < found.until {
            return found.principal
        }
        let principal =
            switch credential {
            case .session(let id): try await sources.accounts.principal(ofSession: id)
            case .key(let hash): try await sources.accounts.principal(ofKey: hash)
            }
        known.withLock { known in
            guard let principal, let version else {
                known[credential] = nil
                return
            }
            if known.count >= Self.capacity { known.removeAll() }
            known[credential] = Known(principal: principal, version: version, until: .now + Self.longestMemory)
        }
        return principal
    }

    private static let refusal = Problem.unauthorized(
        "The token or API key in Authorization is invalid, expired or revoked.")
}
