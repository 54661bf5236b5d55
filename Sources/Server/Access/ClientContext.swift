package import Accounts
package import Hummingbird
import NIOCore
import Risk

/// What is known of a request besides itself: where it comes from, and who asks.
package struct ClientContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Set by ``AccessMiddleware`` where rights count.
    var right: RequestRight?
    /// On which the answer is sent.
    let channel: any Channel
    /// The client's address, without a port, as ``ArrivalResponder`` found it out; `nil` on a local socket.
    package var address: String?
    /// Set by ``ArrivalResponder``.
    var origin = Origin(publicURL: nil, scheme: "http", authority: nil, basePath: .root)

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress
    }

    /// The principal as last looked up; without a credential it is nobody. What is decided by it may be no longer
    /// so when the request takes long: ``asking()`` tells that.
    package var principal: Principal { right?.known ?? .anonymous }

    /// The principal with the rights of now.
    /// - Throws: ``Problem`` 401, 403 or 404 when a right has ended that the request needs.
    func asking() async throws -> Principal { try await right?.principal() ?? .anonymous }

    /// Has the request need another rule from now on.
    /// - Throws: ``Problem`` 401 or 403 when it is not met.
    func need(_ rule: AccessRule) throws(Problem) {
        if let right { try right.need(rule) } else { try rule.admit(.anonymous) }
    }

    /// On whose behalf something is stored or done later; `nil` for who is nobody.
    var requester: Requester? {
        right?.credential.map { Requester(name: principal.identity.description, credential: $0) }
    }
}
