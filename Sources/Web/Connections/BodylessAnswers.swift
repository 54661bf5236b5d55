import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Removes the length from answers that have no body (RFC 9110, 8.6), as the encoder of HTTP/1.1 does but that of
/// HTTP/2 does not.
final class BodylessAnswers: ChannelOutboundHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .noContent || head.status == .notModified
        else {
            context.write(data, promise: promise)
            return
        }
        head.headerFields[.contentLength] = nil
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
