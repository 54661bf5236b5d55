import Domain
import Foundation
import Testing

@testable import Feeds

/// Reading the dead letters of a file again, after an ingest with an unsuitable mapping.
@Suite struct LetterReaderTests {
    private static func mapping(_ more: String, x: String = "x") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: kind}
                time: {column: when}
                coordinates: {longitude: \(x), latitude: y}
                \(more)
                """, file: "test.yaml")
    }

    /// A sink that also keeps the header, as a batch does.
    private actor Sink: EventSink {
        private(set) var header = ""
        private(set) var letters: [DeadLetter] = []

        func end(_ content: ContentDigest, warnings: [String]) {}

        func begin(header: String) { self.header = header }
        func write(_ chunk: EventChunk) { letters += chunk.deadLetters }
    }

    /// Reads the letters that one mapping leaves with another mapping. Returns their events in the order of the file,
    /// and the number of letters that could be read.
    private static func reread(
        _ bytes: [UInt8], left poor: Mapping, by better: Mapping
    ) async throws -> (events: EventChunk, read: Int, letters: [DeadLetter]) {
        let sink = Sink()
        _ = try await withFile(bytes) {
            try await IngestPipeline(mapping: poor, defaultZone: "UTC").ingest($0, into: sink)
        }
        let reader = try LetterReader(mapping: better, header: await sink.header, defaultZone: "UTC")
        var events = EventChunk()
        var read = 0
        for letter in await sink.letters where try reader.read(letter, into: &events) { read += 1 }
        return (events, read, await sink.letters)
    }

    private static func texts(_ column: TextColumn) -> [String] { (0..<column.count).map { column[$0] } }

    /// The record that lacked a value was counted with one blank among its five fields; it has none with the other
    /// column, and the one that still cannot be read is not counted again.
    @Test func fieldsAreCountedOnce() async throws {
        let text = "kind,when,x,y,a,east\na,2021-03-04,,2,p,7\nb,2021-03-04,oops,2,p,oops\nc,2021-03-04,oops,2,,9\n"
        let more = "attributes: {columns: [a]}"
        let (events, read, _) = try await Self.reread(
            Array(text.utf8), left: try Self.mapping(more), by: try Self.mapping(more, x: "east"))
        #expect(read == 2)
        // 5 - 5 of the first, 5 of the third with one blank.
        #expect(events.quality.fields == 5)
        #expect(events.quality.blankFields == -1 + 1)
        #expect(events.quality.blanksByColumn == ["a": 1])
    }

    @Test func aRecordOfACountBecomesAllItsEventsUnderItsOwnNumber() async throws {
        let text = "kind,when,x,y,n,east\na,2021-03-04,oops,2,3,7\nb,2021-03-04,1,2,2,8\nc,2021-03-04,oops,2,1,9\n"
        let count = "count: {column: n}"
        let done = try await Self.reread(
            Array(text.utf8), left: try Self.mapping(count), by: try Self.mapping(count, x: "east"))
        #expect(done.read == 2)
        #expect(done.events.rowNumbers == [1, 1, 1, 3])
        #expect(done.events.longitudes == [7, 7, 7, 9])
        #expect(done.events.deadLetters.isEmpty)
    }

    @Test(arguments: ["cp1252", "latin-1", "utf-16le", "utf-16be"])
    func textOfAnotherEncodingIsReadOnce(_ encoding: String) async throws {
        let kind = encoding == "latin-1" ? "Théft ß" : "Théft €ß"
        let text = "kind,when,x,y\n\(kind),2021-03-04,oops,2\n"
        let bytes: [UInt8] =
            switch encoding {
            case "utf-16le": text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            case "utf-16be": text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            default: text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) }
            }
        let stated = "encoding: \(encoding)"
        let done = try await Self.reread(bytes, left: try Self.mapping(stated), by: try Self.mapping(stated, x: "y"))
        #expect(Self.texts(done.events.eventTypes) == [kind])
    }

    @Test func bytesThatWereTakenForUTF8AreReadInTheEncodingThatTheMappingStates() async throws {
        let bytes = Array("kind,when,x,y\nCaf".utf8) + [0xE9, 0x80] + Array(",2021-03-04,1,2\n".utf8)
        let poor = try Self.mapping("encoding: utf-8")
        let same = try await Self.reread(bytes, left: poor, by: poor)
        #expect(same.read == 0)
        #expect(same.letters.map(\.reasonCode) == ["bad_utf8"])
        let done = try await Self.reread(bytes, left: poor, by: try Self.mapping("encoding: cp1252"))
        #expect(Self.texts(done.events.eventTypes) == ["Café€"])
    }

    @Test func quotesLineEndsAndBackslashesSurvive() async throws {
        let text = "kind;when;x;y\r\n\"a \"\"b\"\"\r\nc; \\x41\";2021-03-04;oops;2\r\n"
        let done = try await Self.reread(Array(text.utf8), left: try Self.mapping(""), by: try Self.mapping("", x: "y"))
        #expect(Self.texts(done.events.eventTypes) == ["a \"b\"\r\nc; \\x41"])
    }

    @Test(arguments: [
        "[{\"kind\": \"a\\nb\", \"when\": \"2021-03-04\",\n  \"x\": \"oops\", \"y\": 2},\n"
            + " {\"kind\": \"c\",\n\"x\": 1}]",
        "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", "
            + "\"properties\": {\"kind\": \"a\\nb\",\n\"when\": \"2021-03-04\", \"x\": \"oops\",\n"
            + "\"y\": 2}}, {\"type\": \"Feature\",\n\"properties\": {}}]}",
        "{\"kind\": \"a\\nb\", \"when\": \"2021-03-04\", \"x\": \"oops\", \"y\": 2}\r\n{\"kind\": \"c\", \"x\": 1}\r\n",
    ])
    func objectsAreReadWhateverLineEndsTheyHold(_ text: String) async throws {
        let done = try await Self.reread(
            Array(text.utf8), left: try Self.mapping("attributes: {columns: all}"),
            by: try Self.mapping("attributes: {columns: all, exclude: [x]}", x: "y"))
        #expect(done.letters.count == 2)
        #expect(done.read == 1)
        #expect(Self.texts(done.events.eventTypes) == ["a\nb"])
        #expect(Self.texts(done.events.attributes) == [text.contains("Feature") ? "{\"type\":\"Feature\"}" : "{}"])
    }

    @Test func whatIsTwoRecordsOrHalfOfOneStaysADeadLetter() async throws {
        let lines = [
            "{\"kind\":\"a\",\"when\":\"2021-03-04\",\"x\":1,\"y\":2},"
                + "{\"kind\":\"b\",\"when\":\"2021-03-04\",\"x\":1,\"y\":2}",
            "{\"kind\":\"a\",\"when\":\"2021-03-04\",\"x\":1,\"y\":2},",
            "{\"kind\":\"a\",\"when\":\"2021-03-04\",\"x\":1,\"y\":2", "]", "",
        ]
        let mapping = try Self.mapping("format: ndjson")
        let done = try await Self.reread(Array(lines.joined(separator: "\n").utf8), left: mapping, by: mapping)
        #expect(done.letters.count == 4)
        #expect(done.read == 0)
    }

    @Test func aRecordOfWhichOnlyTheBeginningWasKeptIsNotRead() async throws {
        let text = "kind,when,x,y,note\na,2021-03-04,1,2,\(String(repeating: "n", count: 2 << 20))\n"
        let mapping = try Self.mapping("")
        let done = try await Self.reread(Array(text.utf8), left: mapping, by: mapping)
        #expect(done.letters.map(\.reasonCode) == ["record_too_long"])
        #expect(done.read == 0)
    }

    @Test func aRecordThatTheMappingLeavesOutStaysADeadLetter() async throws {
        let text = "kind,when,x,y\na,2021-03-04,oops,2\n"
        let done = try await Self.reread(
            Array(text.utf8), left: try Self.mapping(""),
            by: try Self.mapping("filter: [{column: kind, in: [b]}]", x: "y"))
        #expect(done.letters.count == 1)
        #expect(done.read == 0)
    }

    @Test func aMappingOfOtherColumnsIsRefused() throws {
        let error = #expect(throws: FeedError.self) {
            try LetterReader(mapping: try Self.mapping(""), header: "kind,when,y\n", defaultZone: "UTC")
        }
        #expect(error?.problem.contains("there is no column \"x\"") == true)
    }
}
