import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Tells who asks, by the token or key in `Authorization: Bearer`.
///
/// Who a session or key belongs to is remembered for one version of all rights, and never while changes of them would not
/// be heard of.
final class Authenticator: Sendable {
    private enum Credential: Hashable {
        case session(Int64)
        case key([UInt8])
    }

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
    private let operatorToken: [UInt8]?
    private let known = Mutex<[Credential: Known]>([:])

    /// - Parameter operatorToken: Stands for an administrator without an account.
    init(_ sources: AccountSources?, operatorToken: String?) {
        self.sources = sources
        self.operatorToken = operatorToken.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    /// Who sends the request; nobody in particular when it carries no credential.
    /// - Throws: ``Problem`` 401 for a credential that is not good.
    func principal(of request: Request) async throws -> Principal {
        let headers = request.headers[values: .authorization]
        guard let header = headers.first else { return .anonymous }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard headers.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Self.refusal
        }
        let text = String(parts[1])
        if let operatorToken, Self.isSame(operatorToken, text.utf8) {
            return Principal(identity: .key("operator"), role: .admin)
        }
        guard let sources, let credential = Self.credential(text, sources),
            let principal = try await principal(credential, sources)
        else { throw Self.refusal }
        return principal
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

    /// Takes the same time wherever the two differ, so that the time tells nothing of the token.
    private static func isSame(_ token: [UInt8], _ given: some Sequence<UInt8>) -> Bool {
        let given = Array(given)
        var difference = token.count ^ given.count
        for index in token.indices {
            difference |= Int(token[index] ^ (index < given.count ? given[index] : 0))
        }
        return difference == 0
    }

    private static let refusal = Problem.unauthorized(
        "The token or API key in Authorization is not good, or no longer.")
}
