import Domain
import Foundation
import Testing

@testable import Feeds

/// The files of `data/dirty`, each with the outcome that its README calls right. The numbers were counted by hand.
@Suite struct DirtyFilesTests {
    private static let flat = """
        event_type: {column: type}
        time: {column: time, patterns: ["yyyy-MM-dd HH:mm", iso8601]}
        coordinates: {longitude: lon, latitude: lat}
        attributes: {columns: all}
        """
    private static let collection = """
        format: json
        event_type: {column: type}
        time: {column: time}
        coordinates: {longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}
        """

    private static func read(_ name: String, _ yaml: String) async throws -> (IngestCounts, CollectedEvents) {
        try await read(name, try Mapping(yaml: yaml, file: "test.yaml"))
    }

    private static func read(_ name: String, _ mapping: Mapping) async throws -> (IngestCounts, CollectedEvents) {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let sink = CollectedEvents()
        let file = try EventFile(path: "\(root)/data/dirty/\(name)")
        let counts = try await IngestPipeline(mapping: mapping, defaultZone: "America/Toronto").ingest(file, into: sink)
        return (counts, sink)
    }

    private static func builtIn(_ name: String) throws -> Mapping {
        let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "mappings").path
        return try Mapping.load(name, builtInDirectory: mappings)
    }

    @Test(arguments: [
        ("stray-quotes.csv", flat, 29, ["4 unterminated_quote"]),
        ("stray-quotes.tsv", flat, 29, ["4 unterminated_quote"]),
        ("stray-once.tsv", flat, 28, ["4 unterminated_quote", "13 text_after_quote"]),
        ("stray-once.tsv", flat + "\nquote: none", 30, []),
        ("backslash-quotes.csv", flat, 1, ["2 text_after_quote", "4 text_after_quote"]),
        ("backslash-quotes.csv", flat + "\nescape: '\\'", 3, []),
        ("mixed-eol.csv", flat, 4, []),
        ("two-arrays.json", flat, 2, []), ("two-collections.geojson", collection, 3, []),
        ("ckan-search.json", flat, 2, []), ("ckan-dump.json", flat, 1, []), ("array-of-arrays.json", flat, 1, []),
        ("ndjson-blank.ndjson", flat, 2, []),
        ("json-bad-numbers.json", flat, 2, ["1 bad_json", "3 bad_json", "4 bad_json"]),
        ("single-feature.geojson", collection, 1, []), ("single-feature-oneline.geojson", collection, 1, []),
        ("geojsonseq-rs.txt", collection, 2, []),
        (
            "ods-v1.json",
            """
            event_type: {column: fields.type}
            time: {column: fields.date}
            coordinates: {longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}
            """, 1, []
        ),
        (
            "ods-v2.json",
            """
            event_type: {column: type}
            time: {column: date}
            coordinates: {longitude: geo_point_2d.lon, latitude: geo_point_2d.lat}
            """, 1, []
        ),
        (
            "geoms.geojson", collection, 3,
            [
                "1 missing_value", "1 not_a_point", "1 not_a_point", "1 missing_value", "1 not_a_point",
            ]
        ),
    ] as [(String, String, Int, [String])])
    func aFileHasItsEventsAndDeadLetters(
        _ name: String, _ yaml: String, _ events: Int, _ letters: [String]
    ) async throws {
        let (counts, sink) = try await Self.read(name, yaml)
        #expect(counts.accepted == events)
        #expect(await sink.rejections == letters)
    }

    @Test(arguments: [
        ("pre-title.csv", "canonical", 1, ["6 bad_timestamp"]), ("pre-sep.csv", "canonical", 2, []),
        ("pre-sep-semi.csv", "canonical", 2, []), ("trail-rows.csv", "canonical", 2, []),
        ("trail-header.csv", "canonical", 2, []), ("comment-inside.csv", "canonical", 2, ["3 wrong_column_count"]),
        ("csv-and-readme.zip", "canonical", 2, []), ("firms.zip", "firms", 2, []), ("formula.csv", "canonical", 3, []),
        ("own-export.geojson", "hextant-geojson", 2, []), ("own-export.geojsonseq", "hextant-geojson", 3, []),
    ] as [(String, String, Int, [String])])
    func aBuiltInMappingReadsIt(
        _ name: String, _ mapping: String, _ events: Int, _ letters: [String]
    ) async throws {
        let (counts, sink) = try await Self.read(name, try Self.builtIn(mapping))
        #expect(counts.accepted == events)
        #expect(await sink.rejections == letters)
    }

    @Test(arguments: [
        ("book.xlsx", "an Excel workbook (XLSX)"), ("old.xls", "an Excel workbook (XLS)"), ("page.csv", "an HTML page"),
    ])
    func aFileThatIsSomethingElseIsNamed(_ name: String, _ kind: String) async throws {
        let error = await #expect(throws: FeedError.self) { try await Self.read(name, Self.flat) }
        #expect(error?.problem.contains(kind) == true, "\(String(describing: error))")
    }

    @Test func anEncodingIsReadByItsNameAndAGuessIsSaid() async throws {
        let (guess, guessed) = try await Self.read("cp1251-values.csv", Self.flat)
        #expect(await guessed.types == ["êðàæà"])
        #expect(guess.notes.first?.contains("guessed as cp1252") == true)
        let (stated, named) = try await Self.read("cp1251-values.csv", Self.flat + "\nencoding: cp1251")
        #expect(await named.types == ["кража"])
        #expect(stated.notes == [])
        let japanese = """
            event_type: {column: 罪名}
            time: {column: 発生年月日}
            coordinates: {longitude: 経度, latitude: 緯度}
            encoding: shift_jis
            """
        let (_, thefts) = try await Self.read("sjis.csv", japanese)
        #expect(await thefts.types == ["窃盗", "窃盗"])
        let czech = """
            event_type: {column: druh}
            time: {column: datum}
            coordinates: {longitude: lon, latitude: lat}
            encoding: cp1250
            """
        let (_, cars) = try await Self.read("cp1250.csv", czech)
        #expect(await cars.types == ["krádež ve vozidle – Říčany"])
        let wide = """
            event_type: {column: 種類}
            time: {column: 時刻}
            coordinates: {longitude: 経度, latitude: 緯度}
            encoding: utf-16le
            """
        let (_, unmarked) = try await Self.read("utf16-nobom-cjk.csv", wide)
        #expect(await unmarked.types == ["窃盗"])
    }
}

/// A sink that keeps the types and the dead letters.
private actor CollectedEvents: EventSink {
    private(set) var types: [String] = []
    private var letters: [DeadLetter] = []

    /// The dead letters as "line reason", in order.
    var rejections: [String] { letters.map { "\($0.lineNumber) \($0.reasonCode)" } }

    func write(_ chunk: EventChunk) {
        types += (0..<chunk.count).map { chunk.eventTypes[$0] }
        letters += chunk.deadLetters
    }
}
