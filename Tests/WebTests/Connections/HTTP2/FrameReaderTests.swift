import Testing

@testable import Web

@Suite struct FrameReaderTests {
    private static let ping = FrameHeader(length: 8, kind: .ping)
    private static let data = FrameHeader(length: 3, kind: .data, flags: 1, stream: 5)
    private static let sent =
        FrameReader.preface + ping.bytes + [UInt8](repeating: 0, count: 8) + data.bytes + [1, 2, 3]

    /// The frames that are found when the bytes arrive in blocks, each together with the rest of the block before.
    private func found(_ bytes: [UInt8], piece: Int) throws -> [FrameHeader] {
        var reader = FrameReader()
        var found: [FrameHeader] = []
        var rest: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let now = rest + bytes[start..<min(start + piece, bytes.count)]
            var position = 0
            while let frame = try now.withUnsafeBytes({ try reader.next(in: $0, at: &position) }) {
                found.append(frame)
            }
            rest = Array(now[position...])
            #expect(rest.count < FrameHeader.size)
        }
        #expect(rest.isEmpty)
        #expect(reader.payloadLeft == 0)
        return found
    }

    @Test(arguments: [1, 2, 8, 9, 10, 25, 1000]) func framesAreFoundHoweverTheyCome(_ piece: Int) throws {
        #expect(try found(Self.sent, piece: piece) == [Self.ping, Self.data])
    }

    @Test func theHeaderIsReadAsTheStandardDrawsIt() {
        // Length 0x010203, type 0x42, flags 0x24, the reserved bit set and stream 0x01020304.
        let bytes: [UInt8] = [1, 2, 3, 0x42, 0x24, 0x81, 2, 3, 4]
        let header = bytes.withUnsafeBytes { FrameHeader($0) }
        #expect(header == FrameHeader(length: 0x010203, kind: nil, flags: 0x24, stream: 0x0102_0304))
    }

    @Test(arguments: [0, 3, 23]) func anotherPrefaceIsNoticedAtItsFirstWrongByte(_ wrong: Int) {
        var bytes = FrameReader.preface
        bytes[wrong] ^= 1
        var reader = FrameReader()
        var position = 0
        #expect(throws: FrameReader.WrongPreface.self) {
            try bytes[...wrong].withUnsafeBytes { _ = try reader.next(in: $0, at: &position) }
        }
    }
}
