package import Accounts
import Domain
package import Hummingbird
import NIOCore
package import Web

/// Data about a request besides the request itself: its origin and the account that sends it.
package struct ClientContext: ArrivedContext {
    package var coreContext: CoreRequestContextStorage
    /// The right; set by ``AccessMiddleware`` where rights count.
    var right: RequestRight?
    /// The channel on which the answer is sent.
    package let channel: any Channel
    /// The client address without a port, as found by ``ArrivalResponder``; `nil` on a local socket.
    package var address: String?
    /// The origin; set by ``ArrivalResponder``.
    package var origin = Origin(publicURL: nil, scheme: "http", authority: nil, basePath: .root)

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress
    }

    /// The principal as last looked up; anonymous without a credential. If the request takes long it may be outdated:
    /// use ``asking()`` then.
    package var principal: Principal { right?.known ?? .anonymous }

    /// The principal with its current rights.
    /// - Throws: ``Problem`` 401, 403 or 404 when a right that the request needs has ended.
    func asking() async throws -> Principal { try await right?.principal() ?? .anonymous }

    /// Makes the request depend on another rule from now on.
    /// - Throws: ``Problem`` 401 or 403 when the rule is not met.
    func need(_ rule: AccessRule) throws(Problem) {
        if let right { try right.need(rule) } else { try rule.admit(.anonymous) }
    }

    /// The account on whose behalf something is stored or done later; `nil` for an anonymous client.
    var requester: Requester? {
        right?.credential.map { Requester(name: principal.identity.description, credential: $0) }
    }
}
