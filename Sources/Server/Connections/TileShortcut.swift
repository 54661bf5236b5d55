import NIOCore

/// Answers requests for tiles that are in memory right here on the event loop, before anything is made of their bytes.
///
/// It looks only at a request that comes alone, while no other is under way on its connection; what it does not answer
/// goes on unchanged. Once bytes come that it cannot tell the end of, it stays out of the way for good.
final class TileShortcut: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// The next byte is the first of a request.
        case ready
        /// One whole request has gone on and is not answered yet.
        case waiting
        case off
    }

    private let activity: ConnectionActivity
    private let answerer: TileAnswerer
    /// Known from the first request on.
    private var client: TileAnswerer.Client?
    private var state = State.ready
    private var needsFlush = false

    init(_ activity: ConnectionActivity, _ answerer: TileAnswerer) {
        self.activity = activity
        self.answerer = answerer
        activity.onIdle = { [unowned self] in
            if case .waiting = state { state = .ready }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .ready = state else {
            state = .off
            context.fireChannelRead(data)
            return
        }
        var bytes = unwrapInboundIn(data)
        while let request = bytes.withUnsafeReadableBytes({ PlainRequest($0) }) {
            // A client that does not take its answers gets no more of them from here.
            guard context.channel.isWritable, answer(request, bytes, context) else {
                state = request.length == bytes.readableBytes ? .waiting : .off
                break
            }
            bytes.moveReaderIndex(forwardBy: request.length)
            if bytes.readableBytes == 0 {
                activity.answeredAtOnce()
                return
            }
        }
        if case .ready = state { state = .off }
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { state = .off }
        context.fireUserInboundEventTriggered(event)
    }

    private func answer(_ request: PlainRequest, _ bytes: ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        var client = self.client ?? answerer.client(at: context.remoteAddress?.ipAddress)
        let answer = bytes.withUnsafeReadableBytes { answerer.answer(request, $0, &client) }
        self.client = client
        guard let answer else { return false }
        context.write(wrapOutboundOut(answer.head), promise: nil)
        if let body = answer.body { context.write(wrapOutboundOut(body), promise: nil) }
        needsFlush = true
        return true
    }
}
