import NIOCore
import NIOHTTPTypes

/// Stands in a stream of HTTP/2: tells its connection's activity of the request, and closes the connection of a client
/// that takes nothing of an answer.
///
/// The connection's own guard does not see that: a client grants each stream how much may be sent in it, and one that
/// grants nothing leaves the socket free to be written to.
final class StreamGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let activity: ConnectionActivity
    private let patience: TimeAmount
    private var isBodyAwaited = true
    private var timer: Scheduled<Void>?

    init(_ activity: ConnectionActivity, limits: ConnectionLimits) {
        self.activity = activity
        patience = limits.write
    }

    func handlerAdded(context: ChannelHandlerContext) {
        activity.receivedHead()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        isTaken()
        if isBodyAwaited { activity.receivedEnd() }
        activity.answered()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data), isBodyAwaited {
            isBodyAwaited = false
            activity.receivedEnd()
        }
        context.fireChannelRead(data)
    }

    /// Resets the stream: the connection and its other streams go on.
    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is CutOff {
            context.close(promise: promise)
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
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
        isSent.futureResult.assumeIsolated().whenComplete { _ in self.isTaken() }
        waits(context)
        context.write(data, promise: isSent)
    }

    private func waits(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            context.channel.parent?.close(promise: nil)
        }
    }

    private func isTaken() {
        timer?.cancel()
        timer = nil
    }
}
