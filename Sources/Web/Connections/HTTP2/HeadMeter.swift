import NIOCore
import NIOHTTP2

/// Refuses a stream of HTTP/2 when the heads of all requests under way would take too much memory. Compressed, the
/// largest head is a few bytes, and a client that takes no answers could keep a hundred of them here.
final class HeadMeter: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let frames: FrameGuard
    private var kept = 0

    init(_ frames: FrameGuard) {
        self.frames = frames
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        frames.release(head: kept)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .headers(let head) = unwrapInboundIn(data) {
            // Counts like the setting for a single head (RFC 9113, 6.5.2).
            let size = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
            guard frames.admits(head: size) else {
                context.writeAndFlush(wrapOutboundOut(.rstStream(.refusedStream)), promise: nil)
                return
            }
            kept += size
        }
        context.fireChannelRead(data)
    }
}
