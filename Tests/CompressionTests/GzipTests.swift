import Foundation
import NIOCore
import Testing

@testable import Compression

@Suite struct GzipTests {
    static let lengths = [0, 1, 17, 4096, 300_000]

    @Test(arguments: lengths)
    func whatIsCompressedIsReadByGzip(length: Int) throws {
        let plain = Self.text(length)
        let gzip = Gzip.compress(plain)
        #expect(try Self.gzip("-dc", Array(gzip.readableBytesView)) == plain)
    }

    @Test(arguments: lengths)
    func piecesAreOneMemberAndEachIsReadWhenItCame(length: Int) throws {
        let pieces = [Self.text(length), [], Self.text(100), Self.text(length)]
        let stream = GzipStream()
        var gzip: [UInt8] = []
        for piece in pieces { gzip += stream.compress(ByteBuffer(bytes: piece)).readableBytesView }
        gzip += stream.finish().readableBytesView
        #expect(try Self.gzip("-dc", gzip) == Array(pieces.joined()))
        #expect(try Gzip.decompress(ByteBuffer(bytes: gzip), limit: 2 * length + 100).readableBytes == 2 * length + 100)
    }

    @Test(arguments: lengths)
    func whatGzipWroteIsRead(length: Int) throws {
        let plain = Self.text(length)
        let gzip = try Self.gzip("-9c", plain)
        #expect(try Gzip.decompress(ByteBuffer(bytes: gzip), limit: length) == ByteBuffer(bytes: plain))
    }

    @Test func bytesAndBuffersGiveTheSame() {
        let plain = Self.text(5000)
        #expect(Gzip.compress(plain) == Gzip.compress(ByteBuffer(bytes: plain)))
    }

    @Test func longerThanTheLimitIsRefused() {
        let gzip = Gzip.compress(Self.text(1001))
        #expect(throws: Gzip.Failure.tooLong(limit: 1000)) { try Gzip.decompress(gzip, limit: 1000) }
    }

    @Test func aMemberThatUnderstatesItsLengthIsCorrupt() {
        var gzip = Gzip.compress(Self.text(100_000))
        gzip.setInteger(UInt32(10), at: gzip.writerIndex - 4, endianness: .little)
        #expect(throws: Gzip.Failure.corrupt) { try Gzip.decompress(gzip, limit: 1000) }
    }

    @Test func everyCutOfAMemberIsRefused() {
        let gzip = Gzip.compress(Self.text(300))
        for length in 0..<gzip.readableBytes {
            let cut = gzip.getSlice(at: 0, length: length)!
            #expect(throws: Gzip.Failure.self) { try Gzip.decompress(cut, limit: 1 << 20) }
        }
    }

    @Test func aChangedByteNeverGivesOtherContent() {
        let plain = ByteBuffer(bytes: Self.text(300))
        let gzip = Gzip.compress(plain)
        var refused = 0
        for index in 0..<gzip.readableBytes {
            var changed = gzip
            changed.setInteger(changed.getInteger(at: index, as: UInt8.self)! ^ 0x40, at: index)
            // A few bytes have no meaning: time and system in the header, and the bits that fill the last byte.
            if let text = try? Gzip.decompress(changed, limit: 1 << 20) {
                #expect(text == plain)
            } else {
                refused += 1
            }
        }
        #expect(refused > gzip.readableBytes - 10)
    }

    @Test func manyTasksMayCompressAtOnce() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let plain = Self.text(1000 + index)
                    return try Gzip.decompress(Gzip.compress(plain), limit: 5000) == ByteBuffer(bytes: plain)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    /// Bytes that compress a little: half of them come from a small alphabet.
    private static func text(_ length: Int) -> [UInt8] {
        var state = UInt64(length) &+ 1
        return (0..<length).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return index % 2 == 0 ? 0x61 + UInt8(state >> 62) : UInt8(truncatingIfNeeded: state >> 40)
        }
    }

    private static func gzip(_ option: String, _ input: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gzip-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", option]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return Array(data)
    }
}
