import NIOCore
import NIOHTTP2

/// Hears of faults that the codec could not tell the client of, which are faults of the connection as well: once a
/// drain has told a client which stream is the last, no GOAWAY with a higher one may follow.
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
