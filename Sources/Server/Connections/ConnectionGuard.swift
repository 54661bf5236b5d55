import NIOCore
import NIOTLS

/// Stands at the socket, behind what encrypts: closes the connections of clients that are too slow, tells when one has left before its answer,
/// and lets what is being sent get out before a connection is closed in peace.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let activity: ConnectionActivity
    private let left: EventLoopPromise<Void>
    private var timer: Scheduled<Void>?
    private var isCutOff = false

    /// - Parameter left: Succeeded once nobody waits for an answer any more.
    init(_ activity: ConnectionActivity, left: EventLoopPromise<Void>) {
        self.activity = activity
        self.left = left
    }

    func handlerAdded(context: ChannelHandlerContext) {
        schedule(context, at: .now() + activity.pause)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        left.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        left.succeed()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        activity.receivedBytes()
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        activity.writability(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted: activity.shookHands()
        // A client that closes its side while we work for it has gone, as far as anybody can tell.
        case ChannelEvent.inputClosed where activity.requests > 0: return cutOff(context)
        // Nobody else is there yet who would close it.
        case is ChannelShouldQuiesceEvent where activity.isShakingHands: return cutOff(context)
        // The others close it once its client has agreed, which a client need not do.
        case is ChannelShouldQuiesceEvent where activity.isMultiplexed:
            activity.drain()
            timer?.cancel()
            check(context)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        let pending = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard mode == .all, !isCutOff, pending > 0 else {
            context.close(mode: mode, promise: promise)
            return
        }
        // Closing throws away what the socket has not taken; a client that takes nothing is cut off in time.
        let isSent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: isSent)
        isSent.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: mode, promise: promise)
        }
    }

    private func schedule(_ context: ChannelHandlerContext, at time: NIODeadline) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.check(context) }
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let deadline = activity.deadline ?? .distantFuture
        if deadline <= now {
            cutOff(context)
        } else {
            schedule(context, at: min(deadline, now + activity.pause))
        }
    }

    private func cutOff(_ context: ChannelHandlerContext) {
        isCutOff = true
        context.close(promise: nil)
    }
}
