import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import Risk
import Synchronization

/// Tells who asks, by the token or key in `Authorization: Bearer`.
///
/// Who a session or key belongs to is remembered for one version of all rights, and never while changes of them would not
/// be heard of.
final class Authenticator: Sendable {
    typealias Credential = Requester.Credential

    private struct Known {
        let principal: Principal
        let version: Int64
        let until: ContinuousClock.Instant
    }

    /// A session or key may run out without a change that is heard of.
    private static let longestMemory = Duration.seconds(10)
    /// Others are forgotten when so many are known.
    private static let capacity = 4096

    private let sources: AccountSources?
    private let known = Mutex<[Credential: Known]>([:])

    /// - Parameter sources: Without them there is no credential that is good.
    init(_ sources: AccountSources?) { self.sources = sources }

    /// The credential that the request carries; `nil` when it carries none.
    /// - Throws: ``Problem`` 401 for what cannot be a credential of ours.
    func credential(of request: Request) throws(Problem) -> Credential? {
        let headers = request.headers[values: .authorization]
        guard let header = headers.first else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard headers.count == 1, parts.count == 2, parts[0].lowercased() == "bearer", let sources,
            let credential = Self.credential(String(parts[1]), sources)
        else { throw Self.refusal }
        return credential
    }

    /// Whose credential it is; nobody in particular without one.
    /// - Throws: ``Problem`` 401 for a credential that is not good, or no longer.
    func principal(of credential: Credential?) async throws -> Principal {
        guard let credential else { return .anonymous }
        guard let sources, let principal = try await principal(credential, sources) else { throw Self.refusal }
        return principal
    }

    /// Asks for the version of all rights, instead of waiting until it is told.
    func hearVersion() async throws {
        guard let sources, sources.access.value != nil else { return }
        sources.access.hear(try await sources.accounts.accessVersion())
    }

    private static func credential(_ text: String, _ sources: AccountSources) -> Credential? {
        if let secret = Secret(text, .apiKey) { return .key(secret.hash) }
        let now = Int64(Date().timeIntervalSince1970)
        return sources.tokens?.read(text, now: now).map { .session($0.session) }
    }

    private func principal(_ credential: Credential, _ sources: AccountSources) async throws -> Principal? {
        // Taken before the look-up: a change that comes meanwhile makes what was found old at once.
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
        "The token or API key in Authorization is not good, or no longer.")
}
