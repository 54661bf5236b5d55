import NIOCore
import NIOHTTP2

/// Inspects the header of every HTTP/2 frame between TLS and the codec. It gives up the connections of clients that
/// send too many frames of a kind, and ends a connection when a handler found it at fault (RFC 9113, 5.4.1).
///
/// The codec answers a fault with GOAWAY, but neither closes the connection nor stops storing what comes.
final class FrameGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes that are read at most after a fault, so that the report reaches the client.
    private static let mostThrownAway = 64 * 1024
    /// Time from a fault to the end of its connection. A client that reconnects at once can do so no more often than
    /// that.
    private static let penance = TimeAmount.milliseconds(300)
    /// Requests that are passed to the codec at once.
    private static let requestsAtOnce = 16
    /// The largest size of the heads of all requests under way, in bytes.
    private static let mostHeads = 256 * 1024

    private let activity: ConnectionActivity
    private var context: ChannelHandlerContext?
    private var reader = FrameReader()
    private var ledger = FrameLedger()
    private var settings = SettingsExchange()
    /// Streams that the codec holds open.
    private var open: Set<UInt32> = []
    /// Streams whose first frame is among the bytes that have not been passed on yet.
    private var announced: [UInt32] = []
    private var window = ReceiveWindow()
    private var isWindowDue = false
    /// Bytes that are fewer than the header of a frame.
    private var rest = ByteBuffer()
    private var heads = 0
    private var isGivenUp = false
    private var thrownAway = 0

    init(_ activity: ConnectionActivity) {
        self.activity = activity
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        activity.headGoesOn()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        if thrownAway < Self.mostThrownAway { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isGivenUp else {
            thrownAway += bytes.readableBytes
            return
        }
        if rest.readableBytes > 0 {
            rest.writeBuffer(&bytes)
            bytes = rest
            rest = ByteBuffer()
        }
        do {
            try pass(bytes, context)
        } catch is FrameLedger.Excess {
            giveUp(.enhanceYourCalm)
        } catch {
            giveUp(.protocolError)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard settings.replacesFirstWrite() else {
            context.write(data, promise: promise)
            return
        }
        context.write(wrapOutboundOut(ByteBuffer(bytes: SettingsExchange.told)), promise: promise)
    }

    /// Passes on the permitted frames in few blocks. The codec decodes all of a block, whatever is found meanwhile.
    private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) throws {
        let now = NIODeadline.now()
        var position = 0
        var gone = 0
        var requests = 0
        var last: FrameHeader?

        func goOn(to end: Int) {
            guard end > gone, !isGivenUp, let piece = bytes.getSlice(at: bytes.readerIndex + gone, length: end - gone)
            else { return }
            gone = end
            context.fireChannelRead(wrapInboundOut(piece))
        }

        while !isGivenUp {
            let frame = try bytes.withUnsafeReadableBytes { try reader.next(in: $0, at: &position) }
            if frame != nil || reader.payloadLeft == 0, settings.isAcknowledgementDue() {
                goOn(to: frame == nil ? position : position - FrameHeader.size)
                context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: SettingsExchange.acknowledgement)))
            }
            guard let frame else { break }
            last = frame
            try account(frame, at: now)
            if frame.kind == .headers {
                requests += 1
                if requests.isMultiple(of: Self.requestsAtOnce) { goOn(to: position - FrameHeader.size) }
            }
            if settings.takes(frame) {
                goOn(to: position - FrameHeader.size)
                gone = position
            }
        }
        goOn(to: position)
        if position < bytes.readableBytes, !isGivenUp {
            rest = ByteBuffer(bytes.readableBytesView.dropFirst(position))
        }
        settle(last)
    }

    private func account(_ frame: FrameHeader, at now: NIODeadline) throws {
        if frame.kind == .headers, frame.stream > ledger.lastStream { announced.append(frame.stream) }
        try ledger.receive(frame, at: now)
        guard frame.kind == .data, frame.length > 0 else { return }
        window.receive(frame.length, in: frame.stream)
        guard !open.contains(frame.stream), !announced.contains(frame.stream) else { return }
        window.close(frame.stream)
        try ledger.receiveLate(frame.length, at: now)
    }

    /// Updates the state after bytes were passed on.
    private func settle(_ last: FrameHeader?) {
        for stream in announced where !open.contains(stream) { window.close(stream) }
        announced.removeAll(keepingCapacity: true)
        let isHead = reader.payloadLeft > 0 && last.map { $0.kind != .data } ?? activity.isHeadUnderWay
        if isHead || ledger.isBlockOpen || !settings.haveCome { activity.headGoesOn() } else { activity.headEnded() }
        grantLater()
        endIfLeft()
    }

    /// Ends the connection of a client that has sent GOAWAY once nothing is under way.
    private func endIfLeft() {
        if ledger.hasSaidFarewell, open.isEmpty { end(in: .zero) }
    }

    /// Reports the fault to the client, accepts nothing more and closes the connection.
    func giveUp(_ reason: HTTP2ErrorCode) {
        guard !isGivenUp, let context else { return }
        var goAway = ByteBuffer(bytes: FrameHeader(length: 8, kind: .goAway).bytes)
        goAway.writeInteger(ledger.lastStream)
        goAway.writeInteger(UInt32(reason.networkCode))
        context.writeAndFlush(wrapOutboundOut(goAway), promise: nil)
        end(in: Self.penance)
    }

    /// Accepts nothing more and closes the connection after a time, so not in the middle of a read or write.
    private func end(in time: TimeAmount) {
        guard !isGivenUp, let context else { return }
        isGivenUp = true
        rest = ByteBuffer()
        context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.context?.triggerUserOutboundEvent(ConnectionEnd.givenUp, promise: nil)
        }
    }
}

extension FrameGuard: NIOHTTP2FrameDelegate {
    func wroteFrame(_ frame: HTTP2Frame) {
        switch frame.payload {
        case .data: ledger.sentData()
        case .goAway(_, let reason, _) where reason != .noError: end(in: Self.penance)
        default: break
        }
    }
}

/// The methods that the handlers of streams call.
extension FrameGuard {
    /// Whether one more stream may be served. Otherwise it must be refused.
    package func admits() -> Bool {
        if open.count < SettingsExchange.concurrentStreams { return true }
        countRefusal()
        return false
    }

    /// Whether a head of this size may be kept while its request is under way. If so, ``release(head:)`` must be called
    /// later.
    package func admits(head bytes: Int) -> Bool {
        guard heads + bytes <= Self.mostHeads else {
            countRefusal()
            return false
        }
        heads += bytes
        return true
    }

    package func release(head bytes: Int) {
        heads -= bytes
    }

    private func countRefusal() {
        do {
            try ledger.refused(at: .now())
        } catch {
            giveUp(.enhanceYourCalm)
        }
    }

    func opened(_ stream: UInt32) {
        open.insert(stream)
    }

    package func closed(_ stream: UInt32) {
        open.remove(stream)
        window.close(stream)
        grantLater()
        endIfLeft()
    }

    /// Bytes of a stream that have come and were not yet passed on to its reader.
    package func waiting(in stream: UInt32) -> Int { window.waiting(in: stream) }

    /// Reports that the reader of a stream got this many bytes and asks for more.
    func passed(_ bytes: Int, of stream: UInt32) {
        window.pass(bytes, of: stream)
        grantLater()
    }

    /// Lets the client send more, but not in the middle of a read.
    private func grantLater() {
        guard !isWindowDue, settings.haveCome, window.isDue, let context else { return }
        isWindowDue = true
        let here = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { here.value.grant() }
    }

    private func grant() {
        isWindowDue = false
        guard !isGivenUp, let channel = context?.channel, let increment = window.increment() else { return }
        channel.writeAndFlush(
            HTTP2Frame(streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: increment)), promise: nil)
    }
}
