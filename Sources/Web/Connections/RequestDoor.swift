import NIOCore
import NIOHTTP1

/// Handles the ends of messages behind the parser of HTTP/1. It passes a faulty message on as a request that only
/// reports the fault, and then accepts nothing more. After the last answer it waits a moment before it closes, so that
/// the client can read the answer while it still sends.
///
/// Not Sendable: it is used only on its channel's event loop.
final class RequestDoor: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case open
        /// The last accepted request is the last one of the connection.
        case shut
        /// The last answer has been sent.
        case closing
    }

    /// How long what a client still sends is ignored.
    private static let farewell = TimeAmount.seconds(1)
    /// Bytes that chunk sizes, extensions and trailers may take at first; each byte of the body allows one more.
    private static let framingAllowance = 16 << 10

    private var state = State.open
    private var context: ChannelHandlerContext?
    private var passed = 0
    private var answered = 0
    private var isBodyOpen = false
    /// Whether the client waits to be told to send its body.
    private var isWordAwaited = false
    private var isLastRequest = false
    private var isLastAnswer = false
    private var bodyBytes = 0
    private var framingBytes = 0

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state == .open else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            head.headers.remove(name: Self.faultName)
            if let fault = HeadCheck.fault(of: head) { return refuse(head, fault, context) }
            // A client of HTTP/1.0 does not know the answer 100 (RFC 9110, 10.1.1).
            if head.version.minor == 0 { head.headers.remove(name: "expect") }
            isWordAwaited = head.headers.contains(name: "expect")
            (isBodyOpen, bodyBytes, framingBytes) = (true, 0, 0)
            // After such a request the parser no longer expects HTTP, or the client sends nothing.
            isLastRequest =
                head.method == .CONNECT || head.version.minor == 0 && !head.isKeepAlive
                || head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            passed += 1
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let part):
            bodyBytes += part.readableBytes
            context.fireChannelRead(data)
        case .end:
            isBodyOpen = false
            if isLastRequest { state = .shut }
            context.fireChannelRead(data)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Errors of the parser do not matter for bytes that nobody reads any more.
        guard state == .open else { return }
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard isBodyOpen else {
            let fault = error == .headerOverflow ? RequestFault.headTooLarge : .unreadable
            return refuse(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), fault, context)
        }
        giveUpBody(context)
    }

    /// Counts bytes in front of the parser; called by ``FramingMeter``.
    /// - Parameter read: Reads the bytes.
    func counting(_ bytes: Int, _ read: () -> Void) {
        let (wasOpen, before) = (isBodyOpen, bodyBytes)
        read()
        guard wasOpen, isBodyOpen, state == .open, let context else { return }
        framingBytes += bytes - (bodyBytes - before)
        if framingBytes > Self.framingAllowance + 16 * bodyBytes { giveUpBody(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.isInformational {
                isWordAwaited = false
                return context.write(data, promise: promise)
            }
            let isOfLast = answered == passed - 1
            // A client that was not told to go on may either send its body or leave it out.
            let isUnclear = isOfLast && isBodyOpen && isWordAwaited
            let isLast = isOfLast && (state == .shut || isLastRequest)
            isLastAnswer = head.headers.contains(name: "connection") || isLast || isUnclear
            if isLastAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            answered += 1
            context.write(data, promise: promise)
            if isLastAnswer || state == .shut && answered == passed { sayFarewell(context) }
        }
    }

    private static let faultName = "Hextant-Request-Fault"

    private func refuse(_ head: HTTPRequestHead, _ fault: RequestFault, _ context: ChannelHandlerContext) {
        state = .shut
        passed += 1
        isBodyOpen = false
        var head = head
        for name in ["transfer-encoding", "content-length", "expect"] { head.headers.remove(name: name) }
        head.headers.replaceOrAdd(name: Self.faultName, value: fault.rawValue)
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        context.fireChannelReadComplete()
    }

    private func giveUpBody(_ context: ChannelHandlerContext) {
        state = .shut
        guard answered < passed else { return sayFarewell(context) }
        context.fireErrorCaught(MalformedBody())
    }

    private func sayFarewell(_ context: ChannelHandlerContext) {
        state = .closing
        context.flush()
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { [self] in
            self.context?.close(promise: nil)
        }
    }
}

/// Counts the bytes that the parser of HTTP/1 reads.
final class FramingMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let door: RequestDoor

    init(_ door: RequestDoor) { self.door = door }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        door.counting(unwrapInboundIn(data).readableBytes) { context.fireChannelRead(data) }
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { (100..<200).contains(code) }
}
