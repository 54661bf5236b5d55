import Foundation
import NIOCore

/// An outbound event that ends a channel at once and discards what waits to be sent.
struct CutOff {}

extension Channel {
    /// Ends a connection, or a stream of HTTP/2, and discards what waits to be sent.
    package func cutOff() { triggerUserOutboundEvent(CutOff(), promise: nil) }
}

/// Handles the event at the socket, in front of TLS, which would wait until the client has taken everything and
/// replied.
final class CutOffHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CutOff else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        // Makes the system discard what it has taken to send.
        let reset = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        guard let reset else { return context.close(promise: promise) }
        let here = NIOLoopBound(context, eventLoop: context.eventLoop)
        reset.whenComplete { _ in here.value.close(promise: promise) }
    }
}
