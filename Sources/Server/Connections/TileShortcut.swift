import NIOCore

/// Answers requests for tiles that are in memory right here on the event loop, before anything is made of their bytes, those
/// for tiles that are in Redis without a task, and has others made; the addresses are those that the route has read before.
///
/// It looks only at a request that comes alone, while no other is under way on its connection; what it does not answer
/// goes on unchanged. Once bytes come that it cannot tell the end of, it stays out of the way for good.
final class TileShortcut: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// The next byte is the first of a request.
        case ready
        /// The tile of a request, which is held, is looked for or made.
        case asking
        /// One whole request has gone on and is not answered yet.
        case waiting
        case off
    }

    private let activity: ConnectionActivity
    private let answerer: TileAnswerer
    private let isSecure: Bool
    /// Known from the first request on.
    private var client: TileAnswerer.Client?
    private var state = State.ready
    private var needsFlush = false
    /// The request whose tile is not there yet, and what came after it.
    private var held = ByteBuffer()
    /// Of what follows no more than this is read meanwhile.
    private static let mostHeld = 64 * 1024
    private var isReadHeld = false
    private var work: Task<Void, Never>?
    /// Nobody behind is told to end meanwhile.
    private var heldEvent: ChannelShouldQuiesceEvent?

    /// - Parameter isSecure: Whether the connection is encrypted.
    init(_ activity: ConnectionActivity, _ answerer: TileAnswerer, isSecure: Bool) {
        self.activity = activity
        self.isSecure = isSecure
        self.answerer = answerer
        activity.whenIdle { [unowned self] in
            if case .waiting = state { state = .ready }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .ready: serve(unwrapInboundIn(data), context)
        case .asking: held.writeImmutableBuffer(unwrapInboundIn(data))
        case .waiting, .off:
            state = .off
            context.fireChannelRead(data)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .off
        work?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelShouldQuiesceEvent {
            if case .asking = state {
                heldEvent = event
                return
            }
            state = .off
        }
        context.fireUserInboundEventTriggered(event)
    }

    func read(context: ChannelHandlerContext) {
        if case .asking = state, held.readableBytes > Self.mostHeld { isReadHeld = true } else { context.read() }
    }

    /// - Parameter bytes: From the first byte of a request on.
    private func serve(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        var bytes = bytes
        while let request = bytes.withUnsafeReadableBytes({ PlainRequest($0) }) {
            // A client that does not take its answers gets no more of them from here.
            guard context.channel.isWritable, let question = question(request, bytes, context) else {
                return pass(bytes, of: request.length, context)
            }
            guard let answer = answerer.answer(question) else {
                return ask(question, bytes, of: request.length, context)
            }
            write(answer, context)
            bytes.moveReaderIndex(forwardBy: request.length)
            if bytes.readableBytes == 0 {
                activity.answeredAtOnce()
                return
            }
        }
        state = .off
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    private func question(
        _ request: PlainRequest, _ bytes: ByteBuffer, _ context: ChannelHandlerContext
    ) -> TileAnswerer.Question? {
        var client = self.client ?? answerer.client(at: context.remoteAddress?.ipAddress, isSecure: isSecure)
        defer { self.client = client }
        return bytes.withUnsafeReadableBytes { answerer.question(request, $0, &client) }
    }

    /// Leaves a request, and what came after it, to the real parser.
    private func pass(_ bytes: ByteBuffer, of length: Int, _ context: ChannelHandlerContext) {
        state = length == bytes.readableBytes ? .waiting : .off
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    private func ask(
        _ question: TileAnswerer.Question, _ bytes: ByteBuffer, of length: Int, _ context: ChannelHandlerContext
    ) {
        state = .asking
        held = bytes
        activity.receivedHead()
        activity.receivedEnd()
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let isLookedFor = answerer.fetch(question) { answer in
            loop.execute {
                let (shortcut, context) = here.value
                if answer == nil {
                    shortcut.make(question, of: length, context)
                } else {
                    shortcut.goOn(with: answer, length, context)
                }
            }
        }
        if !isLookedFor { make(question, of: length, context) }
    }

    private func make(_ question: TileAnswerer.Question, of length: Int, _ context: ChannelHandlerContext) {
        // Its client may have left while it was looked for.
        guard case .asking = state else { return }
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        work = answerer.make(question) { answer in
            loop.execute {
                let (shortcut, context) = here.value
                shortcut.goOn(with: answer, length, context)
            }
        }
    }

    /// - Parameters:
    ///   - answer: To the first request held.
    ///   - length: Bytes of that request.
    private func goOn(with answer: TileAnswerer.Bytes?, _ length: Int, _ context: ChannelHandlerContext) {
        guard case .asking = state else { return }
        var bytes = held
        held = ByteBuffer()
        work = nil
        state = .ready
        activity.answered()
        if let answer {
            write(answer, context)
            bytes.moveReaderIndex(forwardBy: length)
            if bytes.readableBytes > 0 {
                activity.receivedBytes()
                serve(bytes, context)
            }
        } else {
            pass(bytes, of: length, context)
        }
        flush(context)
        context.fireChannelReadComplete()
        if case .asking = state { return }
        if let event = heldEvent {
            heldEvent = nil
            state = .off
            context.fireUserInboundEventTriggered(event)
        }
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    private func write(_ answer: TileAnswerer.Bytes, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(answer.head), promise: nil)
        if let body = answer.body { context.write(wrapOutboundOut(body), promise: nil) }
        needsFlush = true
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard needsFlush else { return }
        needsFlush = false
        context.flush()
    }
}
