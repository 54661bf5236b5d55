package import Accounts
package import Hummingbird
import NIOCore

/// What is known of a request besides itself: where it comes from, and who asks.
package struct ClientContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// On which the answer is sent.
    let channel: any Channel
    /// Set by ``AccessMiddleware``; who is not known is nobody.
    package var principal: Principal = .anonymous
    /// The client's address, without a port, as ``ArrivalResponder`` found it out; `nil` on a local socket.
    package var address: String?
    /// Set by ``ArrivalResponder``.
    var origin = Origin(publicURL: nil, scheme: "http", authority: nil, basePath: .root)

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress
    }
}
