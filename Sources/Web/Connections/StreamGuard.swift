import NIOCore
import NIOHTTPTypes

/// Reports the request in a stream of HTTP/2, and how much of it was read, to the activity of its connection. It closes
/// the connection of a client that takes nothing of an answer, and the stream of one that keeps sending after its
/// answer.
///
/// The connection's own guard cannot see that: a client grants each stream how much may be sent in it, and one that
/// grants nothing leaves the socket free for writing.
final class StreamGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let activity: ConnectionActivity
    private let frames: FrameGuard
    private let stream: UInt32
    private let limits: ConnectionLimits
    private var isBodyAwaited = true
    /// Bytes that the reader has got since it last asked for some.
    private var passed = 0
    private var timer: Scheduled<Void>?
    private var rest: Scheduled<Void>?

    /// - Parameter stream: The number of the stream.
    init(_ activity: ConnectionActivity, _ frames: FrameGuard, stream: UInt32, limits: ConnectionLimits) {
        self.activity = activity
        self.frames = frames
        self.stream = stream
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        activity.receivedHead()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        isTaken()
        rest?.cancel()
        if isBodyAwaited { activity.receivedEnd() }
        activity.answered()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: break
        case .body: passed = frames.waiting(in: stream)
        case .end where isBodyAwaited:
            isBodyAwaited = false
            rest?.cancel()
            activity.receivedEnd()
        case .end: break
        }
        context.fireChannelRead(data)
    }

    /// Resets the stream. The connection and its other streams go on.
    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is CutOff {
            context.close(promise: promise)
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    func read(context: ChannelHandlerContext) {
        if passed > 0 {
            frames.passed(passed, of: stream)
            passed = 0
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { isTaken() } else { waits(context) }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let isSent = context.eventLoop.makePromise(of: Void.self)
        isSent.futureResult.cascade(to: promise)
        isSent.futureResult.assumeIsolated().whenComplete { _ in
            self.isTaken()
            self.awaitRest(context)
        }
        waits(context)
        context.write(data, promise: isSent)
    }

    private func waits(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.write) {
            context.channel.parent?.close(promise: nil)
        }
    }

    /// Ignores the rest of a body whose request was already answered.
    private func awaitRest(_ context: ChannelHandlerContext) {
        guard isBodyAwaited, context.channel.isActive else { return }
        rest = context.eventLoop.assumeIsolated().scheduleTask(in: limits.head) {
            context.close(promise: nil)
        }
    }

    private func isTaken() {
        timer?.cancel()
        timer = nil
    }
}
