import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Marks the requests of an encrypted connection as `https`. The parser of HTTP/1.1 cannot know, and the scheme that an
/// HTTP/2 client sends proves nothing.
final class SecureScheme: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(var head) = unwrapInboundIn(data) {
            head.scheme = "https"
            context.fireChannelRead(wrapInboundOut(.head(head)))
        } else {
            context.fireChannelRead(data)
        }
    }
}
