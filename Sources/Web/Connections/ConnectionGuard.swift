import NIOCore
import NIOTLS

/// Closes the connections of clients that are too slow or have left, and sends pending bytes before a connection is
/// closed normally. It stands at the socket, behind TLS. It reads nothing from a client that does not take what waits
/// for it.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes that are kept of a client that has closed its side. The channel reads those to the end, asked or not.
    private static let mostUnasked = 256 * 1024

    private let activity: ConnectionActivity
    private let left: EventLoopPromise<Void>
    private var timer: Scheduled<Void>?
    private var isCutOff = false
    private var isReadHeld = false
    /// Bytes that have come since a read was last requested.
    private var unasked = 0

    /// - Parameter left: Succeeded when nobody waits for an answer any more.
    init(_ activity: ConnectionActivity, left: EventLoopPromise<Void>) {
        self.activity = activity
        self.left = left
    }

    func handlerAdded(context: ChannelHandlerContext) {
        schedule(context, at: .now() + activity.pause)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopLooking()
        left.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopLooking()
        left.succeed()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        guard context.channel.isWritable else {
            isReadHeld = true
            return
        }
        unasked = 0
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isCutOff else { return }
        unasked += unwrapInboundIn(data).readableBytes
        guard unasked <= Self.mostUnasked else { return cutOff(context) }
        activity.receivedBytes()
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        activity.writability(isWritable)
        context.fireChannelWritabilityChanged()
        if isWritable, isReadHeld {
            isReadHeld = false
            read(context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted: activity.shookHands()
        // A client that closes its side while its request is being answered has most likely gone.
        case ChannelEvent.inputClosed where activity.requests > 0 || activity.isMultiplexed || activity.isShakingHands:
            return cutOff(context)
        case ChannelEvent.inputClosed: return end(context)
        // During the handshake no other handler would close the connection.
        case is ChannelShouldQuiesceEvent where activity.isShakingHands: return cutOff(context)
        // The other handlers close it when the client agrees, which a client need not do.
        case is ChannelShouldQuiesceEvent where activity.isMultiplexed:
            activity.drain()
            lookAgain(context)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ConnectionEnd else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        end(context)
        promise?.succeed()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { endOnceSent(context) }
        let pending = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard mode == .all, !isCutOff, pending > 0 else {
            context.close(mode: mode, promise: promise)
            return
        }
        // Closing discards what the socket has not taken. A client that takes nothing is cut off in time.
        whenSent(context) { context.close(mode: mode, promise: promise) }
    }

    /// Asks the client to close its side once everything is sent.
    private func endOnceSent(_ context: ChannelHandlerContext) {
        whenSent(context) {
            self.activity.endSoon()
            self.lookAgain(context)
        }
    }

    private func whenSent(_ context: ChannelHandlerContext, _ body: @escaping () -> Void) {
        let isSent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: isSent)
        isSent.futureResult.assumeIsolated().whenComplete { _ in body() }
    }

    /// Closes the connection when everything written has been sent, or a little later without.
    private func end(_ context: ChannelHandlerContext) {
        activity.endNow()
        lookAgain(context)
        close(context: context, mode: .all, promise: nil)
    }

    private func lookAgain(_ context: ChannelHandlerContext) {
        guard let timer else { return }
        timer.cancel()
        check(context)
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

    private func stopLooking() {
        timer?.cancel()
        timer = nil
    }

    private func cutOff(_ context: ChannelHandlerContext) {
        isCutOff = true
        context.close(promise: nil)
    }
}
