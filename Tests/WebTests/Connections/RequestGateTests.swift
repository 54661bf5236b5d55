import NIOCore
import NIOEmbedded
import Testing

@testable import Web

@Suite struct RequestGateTests {
    private let activity = ConnectionActivity(
        limits: ConnectionLimits(idle: .seconds(60), head: .seconds(60), write: .seconds(60)))
    private let channel: EmbeddedChannel
    private let reads = Reads()

    /// Counts the reads, as the socket would.
    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = Never
        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
        }
    }

    init() throws {
        channel = EmbeddedChannel(handlers: [reads, RequestGate(activity)])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func passed() throws -> Int {
        var bytes = 0
        while let part = try channel.readInbound(as: ByteBuffer.self) { bytes += part.readableBytes }
        return bytes
    }

    private func send(_ count: Int) throws {
        try channel.writeInbound(ByteBuffer(repeating: 0x61, count: count))
    }

    @Test func whatComesAloneGoesOn() throws {
        try send(100_000)
        #expect(try passed() == 100_000)
        channel.read()
        #expect(reads.count > 0)
    }

    @Test func whileARequestIsAnsweredBytesWaitAndNoneAreRead() throws {
        activity.receivedHead()
        activity.receivedEnd()
        try send(10_000)
        #expect(try passed() == 0)
        let before = reads.count
        channel.read()
        #expect(reads.count == before)
        activity.answered()
        #expect(try passed() == 0)
        channel.embeddedEventLoop.run()
        #expect(try passed() == 10_000)
        #expect(reads.count > before)
    }

    @Test func aBodyGoesOn() throws {
        activity.receivedHead()
        try send(10_000)
        #expect(try passed() == 10_000)
    }
}
