import Domain
import Foundation
import Testing

@testable import Feeds

/// Files that are something else than events are named, and encodings are found by any name.
@Suite struct FileKindTests {
    /// The first bytes are those that the formats' descriptions, or file(1), give.
    @Test(arguments: [
        ("D0CF11E0A1B11AE10000", "an Excel workbook (XLS)"), ("504152311504151C", "Parquet"),
        ("255044462D312E370A", "PDF"), ("0000270A00000000", "shapefile"), ("377ABCAF271C0004", "7-Zip"),
        ("FD377A585A000004", "xz"), ("28B52FFD24", "zstd"), ("425A6839314159265359", "bzip2"),
        ("526172211A0700", "RAR"),
        ("1F9D90", "compress"), ("04224D1860", "LZ4"), ("4152524F57310000", "Arrow"), ("894844460D0A1A0A", "HDF5"),
        ("6667620366676200", "FlatGeobuf"), ("000100005374616E64617264204A6574204442", "an Access database"),
        ("FFD8FFE0", "an image"), ("7B5C727466310A", "RTF"), ("4F626A0100", "Avro"),
        ("03650C1F050000008100120000000000000000000000000000000000000000000000", "the DBF part of a shapefile"),
        ("76657273696F6E2068747470733A2F2F6769742D6C6673", "Git LFS pointer"),
    ])
    func aKindIsKnownByItsFirstBytes(_ hexadecimal: String, _ name: String) async throws {
        let digits = Array(hexadecimal)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let error = await #expect(throws: FeedError.self) {
            try await ingest(bytes + Array("\nfiller,1,2\n".utf8), by: try BuiltIn.mapping("canonical"))
        }
        #expect(error?.problem.contains(name) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("SQLite format 3\0", 52, "GPKG", "a GeoPackage"), ("SQLite format 3\0", 80, "", "an SQLite database"),
        ("", 257, "ustar\0", "a tar archive"),
    ])
    func aMarkMayBeFurtherIn(_ start: String, _ zeros: Int, _ end: String, _ name: String) async throws {
        var bytes = Array(start.utf8)
        bytes += [UInt8](repeating: 0, count: zeros)
        bytes += Array(end.utf8)
        let error = await #expect(throws: FeedError.self) {
            try await ingest(bytes, by: try BuiltIn.mapping("canonical"))
        }
        #expect(error?.problem.contains(name) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>", "an HTML page"),
        ("\u{FEFF}\n  <html lang=\"en\"><body>", "an HTML page"),
        ("<?xml version=\"1.0\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">", "KML"),
        ("<?xml version=\"1.0\"?><gpx version=\"1.1\">", "GPX"), ("<?xml version=\"1.0\"?><rss>", "news feed"),
        ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "an error message"),
        ("<?xml version=\"1.0\"?><ows:ExceptionReport>", "an error message"), ("<?xml version='1.0'?><rows/>", "XML"),
    ])
    func aPageIsNamedInAnyEncoding(_ text: String, _ name: String) async throws {
        for encoding in [String.Encoding.utf8, .utf16LittleEndian] {
            let bytes = Array(try #require(text.data(using: encoding)))
            let error = await #expect(throws: FeedError.self) {
                try await ingest(bytes, by: try Mapping(yaml: Self.yaml, file: "test.yaml"))
            }
            #expect(error?.problem.contains(name) == true, "\(String(describing: error))")
        }
    }

    private static let yaml = """
        event_type: {column: type}
        time: {column: time}
        coordinates: {longitude: lon, latitude: lat}
        """

    @Test(arguments: ["PAR1", "ORCID", "CDF", "GIF89", "<type>", "%PDF", "BZh", "[type]", "FEA1"])
    func aColumnMayBeCalledLikeAMark(_ name: String) async throws {
        let mapping = try Mapping(yaml: Self.yaml, file: "test.yaml")
        let outcome = try await ingest("\(name),type,time,lon,lat\nx,theft,2021-03-04,1,2\n", by: mapping)
        #expect(outcome.counts.accepted == 1)
    }

    @Test(
        arguments: [
            ("shift_jis", String.Encoding.shiftJIS, "窃盗"), ("sjis", .shiftJIS, "ﾃｽﾄ表示"), ("CP932", .shiftJIS, "窃盗"),
            ("iso-2022-jp", .iso2022JP, "窃盗"), ("cp1251", .windowsCP1251, "кража"),
            ("windows-1251", .windowsCP1251, "грабёж"), ("CP1250", .windowsCP1250, "krádež ve vozidle Říčany"),
            ("cp1253", .windowsCP1253, "κλοπή"), ("iso-8859-2", .isoLatin2, "krádež"),
            ("iso-8859-1", .isoLatin1, "café"),
            ("utf-16", .utf16, "窃盗 \u{1F525}"), ("utf-32le", .utf32LittleEndian, "窃盗"),
            ("utf-16le", .utf16LittleEndian, "窃盗"),
        ] as [(String, String.Encoding, String)])
    func anEncodingMayBeStatedByAnyName(_ name: String, _ encoding: String.Encoding, _ type: String) async throws {
        let mapping = try Mapping(yaml: Self.yaml + "\nencoding: \(name)", file: "test.yaml")
        let rows = (0..<3000).map { "\(type) \($0),2021-03-04,139.7,35.68\n" }.joined()
        let bytes = Array(try #require(("type,time,lon,lat\n" + rows).data(using: encoding)))
        let outcome = try await ingest(bytes, by: mapping)
        #expect(outcome.counts.rejected == 0)
        #expect(await outcome.sink.rows.map(\.eventType) == (0..<3000).map { "\(type) \($0)" })
        #expect(outcome.notes.sentences == [])
    }

    /// Their bytes are those of Python's codecs; Foundation does not write them on every system.
    @Test(arguments: [
        ("euc-jp", [0xC0, 0xE0, 0xC5, 0xF0], "窃盗"), ("macintosh", [0x63, 0x61, 0x66, 0x8E], "café"),
    ])
    func aRareEncodingMayBeStatedToo(_ name: String, _ type: [UInt8], _ text: String) async throws {
        let mapping = try Mapping(yaml: Self.yaml + "\nencoding: \(name)", file: "test.yaml")
        let bytes = Array("type,time,lon,lat\n".utf8) + type + Array(",2021-03-04,139.7,35.68\n".utf8)
        #expect(await (try ingest(bytes, by: mapping)).sink.rows.map(\.eventType) == [text])
    }

    private final class Pieces: ByteStream {
        private var pieces: [[UInt8]]

        init(_ bytes: [UInt8], size: Int) {
            pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        }

        func next() -> [UInt8]? { pieces.isEmpty ? nil : pieces.removeFirst() }
    }

    @Test(arguments: 1...5)
    func charactersMayLieAcrossBlocks(_ size: Int) throws {
        let text = "窃盗,a\nｶﾅ 表,\"b\"\n"
        let bytes = Array(try #require(text.data(using: .shiftJIS)))
        let decoded = DecodedText(Pieces(bytes, size: size), encoding: TextEncoding("shift_jis"))
        var read: [UInt8] = []
        while let piece = try decoded.next() { read += piece }
        #expect(String(decoding: read, as: UTF8.self) == text)
    }

    @Test func whatIsNotInTheEncodingIsRejectedAndNotReplaced() async throws {
        let mapping = try Mapping(yaml: Self.yaml + "\nencoding: shift_jis", file: "test.yaml")
        let good = Array(try #require("窃盗,2021-03-04,1,2\n".data(using: .shiftJIS)))
        var bytes = Array("type,time,lon,lat\n".utf8)
        bytes += good
        bytes.append(0x83)
        bytes += Array(",2021-03-04,1,2\n".utf8)
        bytes += good
        bytes.append(0x83)
        let outcome = try await ingest(bytes, by: mapping)
        #expect(await outcome.sink.rows.map(\.eventType) == ["窃盗", "窃盗"])
        #expect(await outcome.sink.rejections.first == "3 bad_utf8")
        #expect(outcome.counts.rejected == 2)
    }

    @Test(arguments: ["klingon", "utf-8//IGNORE", "", "cp1252 "])
    func anUnknownEncodingIsRefused(_ name: String) {
        let error = #expect(throws: FeedError.self) {
            try Mapping(yaml: Self.yaml + "\nencoding: \"\(name)\"", file: "test.yaml")
        }
        #expect(error?.problem.hasPrefix("encoding") == true)
        #expect(error?.line == 4)
    }

    @Test func aGuessedEncodingIsSaidWithSomeText() async throws {
        let mapping = try Mapping(yaml: Self.yaml, file: "test.yaml")
        let bytes = Array(try #require("type,time,lon,lat\nкража,2021-03-04,1,2\n".data(using: .windowsCP1251)))
        let outcome = try await ingest(bytes, by: mapping)
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.notes.sentences.count == 1)
        // The bytes of the word, read as CP1252.
        #expect(outcome.notes.sentences.first?.contains("read as cp1252") == true)
        #expect(outcome.notes.sentences.first?.contains("êðàæà") == true)
        let unicode = try await ingest("type,time,lon,lat\nкража,2021-03-04,1,2\n", by: mapping)
        #expect(unicode.notes.sentences == [])
    }

    @Test func aHeaderInAGuessedEncodingIsMissedWithTheGuess() async throws {
        let mapping = try Mapping(yaml: Self.yaml.replacing("type}", with: "тип}"), file: "test.yaml")
        let text = "тип,time,lon,lat\nкража,2021-03-04,1,2\n"
        let bytes = Array(try #require(text.data(using: .windowsCP1251)))
        let error = await #expect(throws: FeedError.self) { try await ingest(bytes, by: mapping) }
        #expect(error?.problem.contains("read as cp1252") == true, "\(String(describing: error))")
    }
}
