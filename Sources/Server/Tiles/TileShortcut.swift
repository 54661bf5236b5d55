import NIOCore
import Web

/// Answers requests for tiles in memory on the event loop, before their bytes are parsed. It also looks for tiles in
/// Redis and has others made, without a task. It accepts only paths that the route has parsed before.
///
/// It looks only at a request that comes alone, while no other is under way on its connection. What it does not answer
/// is passed on unchanged. When bytes come whose end it cannot determine, it passes everything on from then on.
final class TileShortcut: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// The next byte is the first of a request.
        case ready
        /// A request is held while its tile is looked for or made.
        case asking
        /// One whole request was passed on and is not answered yet.
        case waiting
        case off
    }

    private let activity: ConnectionActivity
    private let answerer: TileAnswerer
    private let isSecure: Bool
    /// The client; known from the first request on.
    private var client: TileAnswerer.Client?
    private var state = State.ready
    private var needsFlush = false
    /// The request whose tile is not there yet, and the bytes after it.
    private var held = ByteBuffer()
    /// The largest number of bytes that are held meanwhile.
    private static let mostHeld = 64 * 1024
    private var isReadHeld = false
    private var work: Task<Void, Never>?
    /// The event that asks the connection to end, held back while a request is held.
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

    /// - Parameter bytes: Bytes that begin with the first byte of a request.
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

    /// Leaves a request, and the bytes after it, to the real parser.
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
        let isLookedFor = answerer.look(for: question) { finding in
            loop.execute {
                let (shortcut, context) = here.value
                switch finding {
                case .answer(let answer): shortcut.goOn(with: answer, length, context)
                case .toBeMade(let isMissing): shortcut.make(question, isMissing: isMissing, of: length, context)
                case .toBeRouted: shortcut.goOn(with: nil, length, context)
                }
            }
        }
        if !isLookedFor { make(question, isMissing: false, of: length, context) }
    }

    private func make(
        _ question: TileAnswerer.Question, isMissing: Bool, of length: Int, _ context: ChannelHandlerContext
    ) {
        // The client may have left in the meantime.
        guard case .asking = state else { return }
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        work = answerer.make(question, isMissing: isMissing) { answer in
            loop.execute {
                let (shortcut, context) = here.value
                shortcut.goOn(with: answer, length, context)
            }
        }
    }

    /// - Parameters:
    ///   - answer: The answer to the first held request.
    ///   - length: The size of that request in bytes.
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
