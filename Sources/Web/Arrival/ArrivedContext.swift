package import Hummingbird
package import NIOCore

/// A request's context with what ``ArrivalResponder`` finds out.
package protocol ArrivedContext: RequestContext {
    /// Connection or HTTP/2 stream that carries the request and its answer.
    var channel: any Channel { get }
    /// Client address without a port; `nil` on a local socket.
    var address: String? { get set }
    var origin: Origin { get set }
}
