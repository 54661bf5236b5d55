import NIOCore

/// Holds back what a client sends while its request is answered, as bytes in front of the parser of HTTP/1.1. At most
/// one read is held, and it is passed on in portions. Parsed ahead, each request would take many times the memory of
/// its bytes.
final class RequestGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let portion = 8 * 1024

    private let activity: ConnectionActivity
    private var context: ChannelHandlerContext?
    private var waiting = ByteBuffer()
    private var isReadHeld = false

    init(_ activity: ConnectionActivity) {
        self.activity = activity
        activity.whenIdle { [weak self] in self?.goOnLater() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        waiting = ByteBuffer()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting.setOrWrite(unwrapInboundIn(data))
        pass(context)
    }

    func read(context: ChannelHandlerContext) {
        if waiting.readableBytes > 0 { isReadHeld = true } else { context.read() }
    }

    private func pass(_ context: ChannelHandlerContext) {
        while !activity.isAnswering, let portion = waiting.readSlice(length: min(Self.portion, waiting.readableBytes)),
            portion.readableBytes > 0
        {
            context.fireChannelRead(wrapInboundOut(portion))
        }
        if waiting.readableBytes == 0 { waiting = ByteBuffer() }
    }

    /// Goes on later, because the answer is still on its way through the handlers.
    private func goOnLater() {
        guard waiting.readableBytes > 0, let context else { return }
        let here = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { here.value.goOn() }
    }

    private func goOn() {
        guard let context, waiting.readableBytes > 0 else { return }
        activity.receivedBytes()
        pass(context)
        context.fireChannelReadComplete()
        if isReadHeld, waiting.readableBytes == 0 {
            isReadHeld = false
            context.read()
        }
    }
}

extension ByteBuffer {
    /// Adds bytes, or takes them over without a copy when there are none yet.
    fileprivate mutating func setOrWrite(_ bytes: ByteBuffer) {
        if readableBytes == 0 { self = bytes } else { writeImmutableBuffer(bytes) }
    }
}
