import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// Does in a stream of HTTP/2 what ``RequestDoor`` does on a connection of HTTP/1. The parser refuses most faults; this
/// handler checks the host, which may be given in two places, and ends a stream normally.
final class StreamDoor: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Clients of HTTP/2 should send `:authority` instead, but may send both (RFC 9113, 8.3.1).
    private static let host = HTTPField.Name("Host")!

    private var isOpen = true
    private var isLastAnswer = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isOpen else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            head.headerFields[.requestFault] = nil
            guard let fault = Self.fault(of: head) else {
                // From here on only the authority is used.
                head.authority = head.authority ?? head.headerFields[Self.host]
                context.fireChannelRead(wrapInboundOut(.head(head)))
                return
            }
            isOpen = false
            head.headerFields[.requestFault] = fault.rawValue
            head.headerFields[.contentLength] = nil
            head.headerFields[.expect] = nil
            context.fireChannelRead(wrapInboundOut(.head(head)))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
        case .body: context.fireChannelRead(data)
        case .end:
            isOpen = false
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            // HTTP/2 does not have this header (RFC 9113, 8.2.2); here it ends the stream.
            isLastAnswer = head.headerFields[.connection] != nil
            head.headerFields[.connection] = nil
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            // Tells the client that the rest of the request is not wanted (RFC 9113, 8.1).
            guard isLastAnswer, isOpen else { return }
            isOpen = false
            context.flush()
            context.triggerUserOutboundEvent(NIOHTTP2FramePayloadToHTTPEvent.reset(code: .noError), promise: nil)
        }
    }

    private static func fault(of head: HTTPRequest) -> RequestFault? {
        let hosts = head.headerFields[values: Self.host]
        guard let name = head.authority ?? hosts.first else { return .noHost }
        guard hosts.allSatisfy({ $0.lowercased() == name.lowercased() }) else { return .hosts }
        return Origin.isValid(name) ? nil : .host
    }
}
