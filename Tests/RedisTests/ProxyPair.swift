import NIOCore

/// The two sides of one connection through the proxy, and the replies that have not been passed on.
///
/// Invariant for `@unchecked Sendable`: used only on the proxy's event loop.
final class ProxyPair: @unchecked Sendable {
    let client: any Channel
    let server: any Channel
    var held = ByteBuffer()

    init(client: any Channel, server: any Channel) {
        self.client = client
        self.server = server
    }

    func forwardHeld() {
        guard held.readableBytes > 0 else { return }
        client.writeAndFlush(held, promise: nil)
        held = ByteBuffer()
    }

    func close() {
        client.close(promise: nil)
        server.close(promise: nil)
    }
}

/// Passes everything from one side to a closure, and closes the pair when that side ends.
final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pair: ProxyPair
    private let forward: (ByteBuffer) -> Void

    init(_ pair: ProxyPair, forward: @escaping (ByteBuffer) -> Void) {
        self.pair = pair
        self.forward = forward
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        forward(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        pair.close()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        pair.close()
    }
}
