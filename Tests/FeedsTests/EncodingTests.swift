import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct EncodingTests {
    private static let text = """
        event_type,event_timestamp,longitude,latitude,attributes_json\r
        café – \u{1F525},2021-03-04T05:06:07Z,-79.4,43.7,{}\r
        bad ☃,2021-13-04,-79.4,43.7,{}\r

        """

    /// A mapping for the columns of the canonical layout in any encoding.
    private static func mapping() throws -> Mapping {
        var mapping = try BuiltIn.mapping("canonical")
        mapping.dialect.encoding = nil
        return mapping
    }

    @Test(
        arguments: [
            (.utf16LittleEndian, [0xFF, 0xFE]), (.utf16LittleEndian, []), (.utf16BigEndian, [0xFE, 0xFF]),
            (.utf16BigEndian, []), (.utf8, [0xEF, 0xBB, 0xBF]),
        ] as [(String.Encoding, [UInt8])])
    func unicodeIsFoundOutAndDeadLettersKeepTheText(_ encoding: String.Encoding, _ mark: [UInt8]) async throws {
        let bytes = mark + Array(try #require(Self.text.data(using: encoding)))
        let outcome = try await ingest(bytes, by: try Self.mapping())
        #expect(await outcome.sink.rows.map(\.eventType) == ["café – \u{1F525}"])
        #expect(await outcome.sink.deadLetters.map(\.raw) == ["bad ☃,2021-13-04,-79.4,43.7,{}"])
        #expect(await outcome.sink.deadLetters.map(\.lineNumber) == [3])
    }

    @Test func windowsTextIsFoundOutFarIntoTheFile() async throws {
        let header = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
        let filler = String(repeating: "t,2021-03-04,1,2,{}\n", count: 60_000)
        let text = header + filler + "caf\u{E9} \u{20AC}5 \u{2013},2021-03-04,1,2,{}\n"
        let bytes = Array(try #require(text.data(using: .windowsCP1252)))
        let outcome = try await ingest(bytes, by: try Self.mapping())
        #expect(outcome.counts.rejected == 0)
        #expect(await outcome.sink.rows.last?.eventType == "caf\u{E9} \u{20AC}5 \u{2013}")
    }

    @Test func aStatedEncodingHolds() async throws {
        var mapping = try BuiltIn.mapping("canonical")
        mapping.dialect.encoding = .latin1
        let head = Array("event_type,event_timestamp,longitude,latitude,attributes_json\n".utf8)
        // In UTF-8 the two bytes would be one character.
        let outcome = try await ingest(head + [0xC3, 0xA9] + Array(",2021-03-04,1,2,{}\n".utf8), by: mapping)
        #expect(await outcome.sink.rows.map(\.eventType) == ["\u{C3}\u{A9}"])
    }

    @Test func halfASurrogatePairIsRejectedAndNotReplaced() async throws {
        let units =
            Array("event_type,event_timestamp,longitude,latitude,attributes_json\na".utf16) + [0xD83D]
            + Array(",2021-03-04,1,2,{}\n".utf16)
        let bytes = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let outcome = try await ingest(bytes, by: try Self.mapping())
        #expect(await outcome.sink.rejections == ["2 bad_utf8"])
        #expect(await outcome.sink.deadLetters.first?.raw == "a\\xED\\xA0\\xBD,2021-03-04,1,2,{}")
    }

    private final class Pieces: ByteStream {
        private var pieces: [[UInt8]]

        init(_ bytes: [UInt8], size: Int) {
            pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        }

        func next() -> [UInt8]? { pieces.isEmpty ? nil : pieces.removeFirst() }
    }

    @Test(arguments: 1...9)
    func theSizeOfPiecesDoesNotShow(_ size: Int) throws {
        let bytes = Array(try #require(Self.text.data(using: .utf16LittleEndian)))
        let decoded = DecodedText(Pieces(bytes, size: size), encoding: .utf16LittleEndian)
        var text: [UInt8] = []
        while let piece = try decoded.next() { text += piece }
        #expect(text == Array(Self.text.utf8))
    }
}
