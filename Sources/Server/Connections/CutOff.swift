import Foundation
import NIOCore

/// Sent out through a channel to end it at once: what waits to be sent in it is thrown away.
struct CutOff {}

extension Channel {
    /// Ends a connection, or a stream of HTTP/2, without what waits to be sent in it.
    func cutOff() { triggerUserOutboundEvent(CutOff(), promise: nil) }
}

/// Stands at the socket, before what encrypts: that would wait for the client to take everything and to say good-bye.
final class CutOffHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CutOff else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        // So that the system does not go on sending what it has taken.
        let reset = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        guard let reset else { return context.close(promise: promise) }
        let here = NIOLoopBound(context, eventLoop: context.eventLoop)
        reset.whenComplete { _ in here.value.close(promise: promise) }
    }
}
