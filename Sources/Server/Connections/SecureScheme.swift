import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Says of the requests of an encrypted connection that they are: the parser of HTTP/1.1 cannot know, and what a client of
/// HTTP/2 says of it proves nothing.
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
