import NIOCore
import Testing

@testable import Redis

@Suite struct ReplyReaderTests {
    static let stream =
        "+OK\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n*2\r\n$3\r\na\r\n\r\n*1\r\n:9223372036854775807\r\n"
        + "-ERR no\r\n*0\r\n"
    static let values: [RedisValue] = [
        .status("OK"), .integer(-42), .null, .null, .bulk(ByteBuffer()),
        .array([.bulk(ByteBuffer(string: "a\r\n")), .array([.integer(.max)])]), .error("ERR no"), .array([]),
    ]

    @Test(arguments: [1, 2, 3, 7, 1000])
    func repliesAreTheSameHoweverTheBytesCome(piece: Int) throws {
        let reader = ReplyReader(maximumReplyBytes: 1000)
        var bytes = ByteBuffer(string: Self.stream)
        var values: [RedisValue] = []
        while bytes.readableBytes > 0 {
            try reader.feed(bytes.readSlice(length: min(piece, bytes.readableBytes)) ?? ByteBuffer())
            while let value = try reader.next() {
                values.append(value)
            }
        }
        #expect(values == Self.values)
    }

    @Test(arguments: ["HTTP/1.1 400\r\n", "$x\r\n", ":1x\r\n", "*-2\r\n"])
    func otherBytesAreAViolation(text: String) {
        let reader = ReplyReader(maximumReplyBytes: 1000)
        let error = #expect(throws: RedisError.self) {
            try reader.feed(ByteBuffer(string: text))
            _ = try reader.next()
        }
        #expect(error?.code == .protocolViolation)
    }

    @Test func longReplyIsAViolationBeforeItIsWhole() throws {
        let reader = ReplyReader(maximumReplyBytes: 100)
        try reader.feed(ByteBuffer(string: "$1000\r\n" + String(repeating: "x", count: 50)))
        #expect(try reader.next() == nil)
        let error = #expect(throws: RedisError.self) {
            try reader.feed(ByteBuffer(string: String(repeating: "x", count: 50)))
        }
        #expect(error?.code == .protocolViolation)
    }
}
