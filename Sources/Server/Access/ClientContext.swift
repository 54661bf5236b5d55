package import Accounts
package import Hummingbird
import NIOCore

/// What is known of a request besides itself: where it comes from, and who asks.
package struct ClientContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Set by ``AccessMiddleware``; who is not known is nobody.
    package var principal: Principal = .anonymous
    private let remote: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remote = source.channel.remoteAddress
    }

    /// The other end of the connection, without its port; `nil` on a local socket.
    package var address: String? { remote?.ipAddress }
}

/// The context of every handler here, under the name that Hummingbird's own examples use.
package typealias BasicRequestContext = ClientContext
