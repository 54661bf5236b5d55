import Domain
import Foundation
import Testing

@testable import Feeds

/// The digest of a file's records, however the file is written.
struct RecordDigestTests {
    /// The digest of the bytes, as an ingest computes it; the one computed without decoding must be the same.
    private static func digest(_ bytes: [UInt8], _ mapping: Mapping? = nil) async throws -> String {
        var mapping = try mapping ?? BuiltIn.mapping("canonical")
        mapping.dialect.encoding = nil
        let pipeline = try IngestPipeline(mapping: mapping, defaultZone: "UTC", readsOn: true)
        return try await withFile(bytes) { file in
            let sink = CollectingSink()
            _ = try await pipeline.ingest(file, into: sink)
            let content = try #require(await sink.content)
            let (start, whole) = try await pipeline.content(of: file, isWhole: true)
            #expect(start == content.start)
            #expect(whole == content.whole)
            return hexadecimal(content.whole)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    private static let text = """
        event_type,event_timestamp,longitude,latitude,attributes_json
        café,2021-05-01,-79.4,43.7,"{""a"": ""x, y""}"
        theft,2021-05-02,1,2,

        """

    /// Computed by Python's hashlib from the bytes that the docstring of RecordDigest states.
    private static let expected = "14ce906bd09942ae5bd052b977f0b4d3869517b5a85b18042dd438fca498f91a"

    private static let forms: [(String, [UInt8])] = [
        ("plain", Array(text.utf8)), ("byte order mark", [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
        ("CRLF", Array(text.replacing("\n", with: "\r\n").utf8)), ("CR", Array(text.replacing("\n", with: "\r").utf8)),
        ("no end", Array(text.utf8.dropLast())), ("blank lines", Array(text.replacing("\n", with: "\n\n").utf8)),
        ("CP1252", Array(text.data(using: .windowsCP1252)!)), ("UTF-16", Array(text.data(using: .utf16BigEndian)!)),
        ("quotes", Array(text.replacing("theft,2021-05-02", with: "\"theft\" ,\"2021-05-02\"\t").utf8)),
    ]

    @Test(arguments: forms)
    func theSameRecordsGiveTheSameDigest(_ form: (String, [UInt8])) async throws {
        #expect(try await Self.digest(form.1) == Self.expected)
    }

    @Test func anotherDelimiterChangesNothing() async throws {
        let text = """
            event_type;event_timestamp;longitude;latitude;attributes_json
            café;2021-05-01;-79.4;43.7;"{""a"": ""x, y""}"
            theft;2021-05-02;1;2;

            """
        #expect(try await Self.digest(Array(text.utf8)) == Self.expected)
    }

    @Test(arguments: [
        ("theft", "Theft"), ("1,2,", "2,1,"), (",1,2,", ",1,2,{}"), ("latitude", "Latitude"), ("café", "cafe\u{301}"),
        ("theft,2021-05-02,1,2,\n", ""), ("2021-05-02,1,2,\n", "2021-05-02,1,2,\ntheft,2021-05-02,1,2,\n"),
    ])
    func otherRecordsGiveAnother(_ old: String, _ new: String) async throws {
        #expect(try await Self.digest(Array(Self.text.replacing(old, with: new).utf8)) != Self.expected)
    }

    /// Fields that only together have the same bytes.
    @Test func aFieldEndsWhereItEnds() async throws {
        func digest(_ fields: String) async throws -> String {
            try await Self.digest(
                Array("event_type,event_timestamp,longitude,latitude,x,y\n\(fields)\n".utf8),
                Mapping(
                    yaml: """
                        event_type: {column: event_type}
                        time: {column: event_timestamp}
                        coordinates: {longitude: longitude, latitude: latitude}
                        """, file: "plain.yaml"))
        }
        #expect(try await digest("a,2021-05-01,1,2,bc,d") != (try await digest("a,2021-05-01,1,2,b,cd")))
    }

    private static func json() throws -> Mapping {
        try Mapping(
            yaml: "event_type: {column: t}\ntime: {column: at}\ncoordinates: {longitude: n.0, latitude: n.1}",
            file: "j.yaml")
    }

    @Test(arguments: [
        #"[{"t":"a b","at":"2021-05-01","n":[1,2]},{"t":"\" ,","at":"2021-05-02","n":[]}]"#,
        "[\n  {\n    \"t\": \"a b\",\n    \"at\": \"2021-05-01\",\n    \"n\": [1, 2]\n  },\r\n"
            + "  {\"t\": \"\\\" ,\", \"at\": \"2021-05-02\", \"n\": []}\n]\n",
        "{\"t\": \"a b\",\t\"at\": \"2021-05-01\", \"n\": [1, 2]}\n"
            + "{\"t\": \"\\\" ,\", \"at\": \"2021-05-02\", \"n\": []}\n",
    ])
    func indentationOfJSONChangesNothing(_ text: String) async throws {
        #expect(
            try await Self.digest(Array(text.utf8), Self.json())
                == "9f435f9036503aa3d074d46bac9b2347adb2846ff1522106c582e3c2568e6ab8")
    }

    @Test func spaceInStringsOfJSONCounts() async throws {
        let one = try await Self.digest(Array(#"[{"t":"a b","at":"2021-05-01","n":[1,2]}]"#.utf8), Self.json())
        let two = try await Self.digest(Array(#"[{"t":"a  b","at":"2021-05-01","n":[1,2]}]"#.utf8), Self.json())
        #expect(one != two)
    }

    /// A file of more records than the start covers, which is read in several blocks.
    @Test func theStartIsThatOfTheFirstThousandRecords() async throws {
        let header = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
        let rows = (0..<30_000).map { "theft,2021-05-01T00:00:00Z,1,2,\"{\"\"n\"\": \($0)}\"\n" }
        let pipeline = try IngestPipeline(mapping: try BuiltIn.mapping("canonical"), defaultZone: "UTC")
        func content(_ rows: some Sequence<String>) async throws -> (start: [UInt8], whole: [UInt8]?) {
            try await withFile(Array((header + rows.joined(separator: "")).utf8)) {
                try await pipeline.content(of: $0, isWhole: false)
            }
        }
        let thousand = try await content(rows.prefix(1000))
        let all = try await content(rows)
        #expect(all.start == thousand.start)
        #expect(all.whole == nil)
        // 1000 records are the start and the whole, whether or not the reader has seen that the file ends.
        #expect(thousand.whole == nil || thousand.whole == thousand.start)
        let fewer = try await content(rows.prefix(999))
        #expect(fewer.start != all.start)
        #expect(fewer.whole == fewer.start)
        #expect(try await Self.digest(Array((header + rows.joined(separator: "")).utf8)) != Self.hexadecimal(all.start))
    }
}
