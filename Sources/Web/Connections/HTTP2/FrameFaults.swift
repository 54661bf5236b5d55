import NIOCore
import NIOHTTP2

/// Receives faults that the codec could not report to the client. They are faults of the connection too: after a drain
/// has told the client the last stream, no GOAWAY with a higher one may follow.
final class FrameFaults: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let frames: FrameGuard

    init(_ frames: FrameGuard) {
        self.frames = frames
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOHTTP2Errors.RaisedGoawayLastStreamID { frames.giveUp(.protocolError) }
        context.fireErrorCaught(error)
    }
}
