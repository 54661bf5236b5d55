import NIOCore
import NIOEmbedded
import Testing

@testable import Web

@Suite struct FrameGuardTests {
    private let channel: EmbeddedChannel
    private let ends = Ends()

    /// Stands in for the socket: notes when the connection ends, and counts the reads.
    private final class Ends: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0
        var reads = 0

        func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
            if event is ConnectionEnd { count += 1 }
            promise?.succeed()
        }

        func read(context: ChannelHandlerContext) {
            reads += 1
        }
    }

    private static let settings = FrameHeader(length: 0, kind: .settings).bytes
    private static let agreement = FrameHeader(length: 0, kind: .settings, flags: 1).bytes
    private static let ping = FrameHeader(length: 8, kind: .ping).bytes + Array("12345678".utf8)

    init() throws {
        let limits = ConnectionLimits(idle: .seconds(60), head: .seconds(60), write: .seconds(60))
        channel = EmbeddedChannel(handlers: [ends, FrameGuard(ConnectionActivity(limits: limits))])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// The bytes that go on to the codec when a client sends something.
    private func passed(_ bytes: [UInt8]) throws -> [UInt8] {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
        var passed: [UInt8] = []
        while let part = try channel.readInbound(as: ByteBuffer.self) { passed += part.readableBytesView }
        return passed
    }

    private func sent() throws -> [UInt8]? {
        try channel.readOutbound(as: ByteBuffer.self).map { Array($0.readableBytesView) }
    }

    @Test(arguments: [1, 7, 9, 24, 1000]) func theCodecHearsOfAgreementRightAfterTheSettings(_ piece: Int) throws {
        let bytes = FrameReader.preface + Self.settings + Self.ping + Self.agreement + Self.ping
        var codec: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            codec += try passed(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        #expect(codec == FrameReader.preface + Self.settings + Self.agreement + Self.ping + Self.ping)
    }

    @Test func ourSettingsAreSentInPlaceOfTheCodecs() throws {
        channel.writeAndFlush(ByteBuffer(string: "those of the codec"), promise: nil)
        channel.writeAndFlush(ByteBuffer(string: "more"), promise: nil)
        #expect(try sent() == SettingsExchange.told)
        #expect(try sent() == Array("more".utf8))
    }

    @Test func aWrongPrefaceIsToldAndEndsTheConnection() throws {
        channel.writeAndFlush(ByteBuffer(string: "those of the codec"), promise: nil)
        _ = try sent()
        #expect(try passed(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == [])
        // GOAWAY: length 8, type 7, the last stream 0, PROTOCOL_ERROR.
        #expect(try sent() == [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(ends.count == 0)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(500))
        #expect(ends.count == 1)
        #expect(try passed(FrameReader.preface) == [])
        #expect(try sent() == nil)
    }

    @Test func aFloodEndsTheConnectionAndNothingOfItIsKeptOrSoonEvenRead() throws {
        _ = try passed(FrameReader.preface + Self.settings)
        let flood = Array(repeatElement(Self.ping, count: 500).joined())
        #expect(try passed(flood) == [])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(500))
        #expect(ends.count == 1)
        channel.read()
        let before = ends.reads
        for _ in 0..<10 { #expect(try passed([UInt8](repeating: 0, count: 16_384)) == []) }
        channel.read()
        #expect(ends.reads == before)
    }

    @Test func ofManyRequestsAFewGoOnAtATime() throws {
        _ = try passed(FrameReader.preface + Self.settings)
        var requests: [UInt8] = []
        for stream in stride(from: UInt32(1), to: 200, by: 2) {
            requests += FrameHeader(length: 1, kind: .headers, flags: 5, stream: stream).bytes
            requests.append(0x82)
        }
        try channel.writeInbound(ByteBuffer(bytes: requests))
        var pieces: [Int] = []
        while let part = try channel.readInbound(as: ByteBuffer.self) { pieces.append(part.readableBytes) }
        #expect(pieces.reduce(0, +) == requests.count)
        #expect(pieces.allSatisfy { $0 <= 16 * 10 })
    }

    @Test func whoSaysFarewellWithNothingUnderWayIsLetGo() throws {
        _ = try passed(FrameReader.preface + Self.settings)
        let farewell = FrameHeader(length: 8, kind: .goAway).bytes + [UInt8](repeating: 0, count: 8)
        #expect(try passed(farewell) == farewell)
        #expect(ends.count == 1)
    }
}
