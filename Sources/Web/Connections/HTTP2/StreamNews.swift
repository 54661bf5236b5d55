import NIOCore
import NIOHTTP2

/// Reports the beginning and end of streams to the guard of the frames and to the handler that drains the connection.
struct StreamNews: NIOHTTP2StreamDelegate {
    let frames: NIOLoopBound<FrameGuard>
    let next: NIOHTTP2ServerConnectionManagementHandler.HTTP2StreamDelegate

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        frames.value.opened(UInt32(Int(id)))
        next.streamCreated(id, channel: channel)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        frames.value.closed(UInt32(Int(id)))
        next.streamClosed(id, channel: channel)
    }
}
