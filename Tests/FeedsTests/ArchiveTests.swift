import Domain
import Testing

@testable import Feeds

/// Zip archives with several files.
@Suite struct ArchiveTests {
    private static let header = "event_type,event_timestamp,longitude,latitude,attributes_json"

    private static func mapping(_ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: event_type}
                time: {column: event_timestamp}
                coordinates: {longitude: longitude, latitude: latitude}
                \(more)
                """, file: "test.yaml")
    }

    private static func table(_ types: String...) -> String {
        header + "\n" + types.map { "\($0),2021-03-04T05:06:07Z,-79.4,43.7,{}\n" }.joined()
    }

    private func read(
        _ files: [(name: String, text: String)], _ more: String = "", encrypted: Set<String> = []
    ) async throws -> Outcome {
        try await ingest(StoredZip.bytes(files, encrypted: encrypted), by: try Self.mapping(more))
    }

    @Test func allTablesAreReadInTheirOrderAndExplanationsDoNotCount() async throws {
        let outcome = try await read([
            ("data/", ""), ("Readme.txt", "About this download."), ("data/b.csv", Self.table("a", "b")),
            ("LICENSE", "free"), ("data/.hidden.csv", Self.table("x")), ("data/a.csv", Self.table("c")),
            ("data/a.prj", "GEOGCS"), ("README.md", "# About"),
        ])
        #expect(await outcome.sink.rows.map(\.eventType) == ["a", "b", "c"])
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 2, 3])
        #expect(outcome.notes.sentences == [])
    }

    @Test func filesWithoutTheColumnsAreLeftOutAndNamed() async throws {
        let outcome = try await read([
            ("types.csv", "code,meaning\n1,theft\n"), ("a.csv", Self.table("a")), ("notes.txt", "Made by us.\n"),
            ("b.json", #"[{"event_type": "b", "event_timestamp": "2021-03-04", "longitude": 1, "latitude": 2}]"#),
        ])
        #expect(await outcome.sink.rows.map(\.eventType) == ["a", "b"])
        #expect(outcome.notes.sentences.count == 2)
        #expect(outcome.notes.sentences.first?.hasPrefix("Not read: types.csv: there is no column") == true)
        #expect(outcome.notes.sentences.last?.hasPrefix("Not read: notes.txt: there is no column") == true)
    }

    @Test func whenNoneFitsEachIsNamed() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await read([("types.csv", "code,meaning\n1,theft\n"), ("page.csv", "<!DOCTYPE html>\n<html></html>")])
        }
        #expect(error?.code == .header)
        #expect(error?.problem.contains("none of the 2 files") == true)
        #expect(
            error?.problem.contains("types.csv: there is no column \"event_type\"") == true,
            "\(String(describing: error))")
        #expect(error?.problem.contains("page.csv: is an HTML page") == true)
    }

    private static let choice: [(name: String, text: String)] = [
        ("data/b.csv", table("b")), ("c.csv", table("c")), ("Readme.txt", "About"),
    ]

    @Test func aMappingMayNameTheFile() async throws {
        let outcome = try await read(Self.choice, "member: c.csv")
        #expect(await outcome.sink.rows.map(\.eventType) == ["c"])
    }

    @Test(arguments: ["b.csv", "data/b.csv", "data/?.csv", "*b*"])
    func oneFileMayBeChosen(_ pattern: String) async throws {
        let sink = CollectingSink()
        let mapping = try Self.mapping()
        _ = try await withFile(StoredZip.bytes(Self.choice)) { file in
            let chosen = try EventFile(path: file.path, member: pattern)
            return try await IngestPipeline(mapping: mapping, defaultZone: "UTC").ingest(chosen, into: sink)
        }
        #expect(await sink.rows.map(\.eventType) == ["b"])
    }

    @Test func aFileThatIsNotThereIsMissedWithTheNames() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await read([("a.csv", Self.table("a")), ("b.csv", Self.table("b"))], "member: c.csv")
        }
        #expect(error?.problem.contains("no file \"c.csv\"; it contains a.csv, b.csv") == true)
    }

    /// Their rows have the same numbers, by which events without an id are known.
    @Test func anotherChoiceOfAnArchiveIsAnotherContent() async throws {
        let bytes = StoredZip.bytes([("a.csv", Self.table("a")), ("b.csv", Self.table("b"))])
        let digests = try await withFile(bytes) { file in
            var digests: Set<String> = []
            for member in [nil, "a.csv", "b.csv"] {
                digests.insert(try await EventFile(path: file.path, member: member).sha256())
            }
            return digests
        }
        #expect(digests.count == 3)
    }

    @Test(arguments: [
        (["[Content_Types].xml", "xl/workbook.xml"], "an Excel workbook (XLSX) that is damaged"),
        (["[Content_Types].xml", "word/document.xml"], "a Word document"),
        (["mimetype", "content.xml", "META-INF/manifest.xml"], "OpenDocument"), (["doc.kml"], "KMZ"),
        (["roads.shp", "roads.dbf", "roads.shx", "roads.prj"], "roads.shp is a shapefile"),
        (["inner.zip"], "inner.zip is an archive of its own"),
        (["events.csv.gz"], "events.csv.gz is compressed once more"),
        (["data.gpkg"], "data.gpkg is a GeoPackage"), (["Readme.txt", "LICENSE"], "Readme.txt, LICENSE"),
    ])
    func anArchiveOfSomethingElseIsNamed(_ names: [String], _ words: String) async throws {
        let error = await #expect(throws: FeedError.self) { try await read(names.map { ($0, "x") }) }
        #expect(error?.code == .encoding)
        #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    }

    @Test func whatCannotBeReadBesideATableIsNamed() async throws {
        let outcome = try await read([("older.zip", "x"), ("a.csv", Self.table("a"))])
        #expect(outcome.counts.accepted == 1)
        #expect(outcome.notes.sentences == ["Not read of the zip archive: older.zip is an archive of its own."])
        for name in ["a.csv", "older.zip"] {
            let error = await #expect(throws: FeedError.self) {
                try await read(
                    [("older.zip", "x"), ("a.csv", Self.table("a"))], name == "a.csv" ? "" : "member: older.zip",
                    encrypted: ["a.csv"])
            }
            #expect(error?.problem.contains(name) == true)
        }
    }

    @Test func deadLettersOfEachFileAreNamedAndCanBeReadAgainUnderItsOwnHeader() async throws {
        let other = "latitude,longitude,note,event_timestamp,event_type\n43.7,oops,x,2021-03-04,b\n"
        let files: [(name: String, text: String)] = [
            ("a.csv", "\(Self.header)\na,2021-03-04,oops,1,{}\na,2021-03-04,1,1,{}\n"), ("b.csv", other),
        ]
        let sink = HeaderSink()
        let mapping = try Self.mapping()
        _ = try await withFile(StoredZip.bytes(files)) {
            try await IngestPipeline(mapping: mapping, defaultZone: "UTC").ingest($0, into: sink)
        }
        let letters = await sink.letters
        #expect(letters.map(\.rowNumber) == [1, 3])
        #expect(letters.map(\.lineNumber) == [2, 2])
        #expect(letters.map { String($0.detail.prefix(7)) } == ["a.csv: ", "b.csv: "])
        let reader = try LetterReader(mapping: mapping, header: await sink.header, defaultZone: "UTC")
        var events = EventChunk()
        for letter in letters {
            var mended = letter
            mended.raw = letter.raw.replacing("oops", with: "7")
            let isRead = try reader.read(mended, into: &events)
            #expect(isRead)
        }
        #expect(events.longitudes == [7, 7])
        #expect(events.latitudes == [1, 43.7])
    }

    @Test func rowsOfArraysCanBeReadAgain() async throws {
        let text = #"[["event_type", "event_timestamp", "longitude", "latitude"], ["a", "2021-03-04", "oops", 1]]"#
        let sink = HeaderSink()
        let mapping = try Self.mapping()
        _ = try await withFile(Array(text.utf8)) {
            try await IngestPipeline(mapping: mapping, defaultZone: "UTC").ingest($0, into: sink)
        }
        let reader = try LetterReader(mapping: mapping, header: await sink.header, defaultZone: "UTC")
        var letter = try #require(await sink.letters.first)
        letter.raw = letter.raw.replacing("oops", with: "7")
        var events = EventChunk()
        let isRead = try reader.read(letter, into: &events)
        #expect(isRead)
        #expect(events.longitudes == [7])
    }
}

/// A sink that keeps the header and the dead letters, as a batch does.
private actor HeaderSink: EventSink {
    private(set) var header = ""
    private(set) var letters: [DeadLetter] = []

    func end(_ content: ContentDigest, warnings: [String]) {}

    func begin(header: String) { self.header = header }
    func write(_ chunk: EventChunk) { letters += chunk.deadLetters }
}
