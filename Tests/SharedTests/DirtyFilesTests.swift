import Domain
import Foundation
import Testing

@testable import Feeds

/// The files of `data/dirty`, read by the mappings beside them, by proposed ones or by others. The expected events and
/// counts are read from the files by hand; seconds are those of Python's `zoneinfo`.
@Suite struct DirtyFilesTests {
    // MARK: Times, places and numbers

    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        /// A mapping in `maps`, or YAML; nil for the proposal of a dry run.
        var mapping: String?
        /// Seconds since 1970 of the events; nil where they are not looked at.
        var times: [Int64]?
        /// Longitudes and latitudes of the events; nil where they are not looked at.
        var points: [[Double]]?
        var rejections: [String] = []
        /// A word of each note of the proposal.
        var notes: [String] = []

        var testDescription: String { "\(file) by \(mapping?.prefix(20) ?? "its proposal")" }
    }

    private static let simple = """
        event_type: {column: type}
        coordinates: {longitude: lon, latitude: lat}
        """

    static let cases: [Case] = [
        // Small numbers are no epoch.
        Case(file: "ymd-vancouver.csv", notes: ["time.blank_parts"]),
        Case(file: "excel-serial.csv", times: [1_610_150_400, 1_610_215_200], notes: ["1904"]),
        Case(
            file: "excel-serial.csv",
            mapping: "time: {column: time, patterns: [excel_1900], zone: America/Toronto}\n" + simple,
            times: [1_610_168_400, 1_610_233_200]),
        Case(
            file: "ymd-vancouver.csv",
            mapping: """
                event_type: {column: TYPE}
                time: {year_column: YEAR, month_column: MONTH, day_column: DAY, hour_column: HOUR,
                       minute_column: MINUTE, blank_parts: first, zone: America/Vancouver}
                coordinates: {x: X, y: Y, crs: "EPSG:26910"}
                """, times: [1_551_953_160, 1_557_788_400], rejections: ["4 null_island"]),
        // Orders of day and month.
        Case(
            file: "date-ambiguous.csv", times: [1_672_617_600, 1_677_888_000, 1_683_331_200],
            notes: ["d/M/yyyy H:mm as well"]),
        Case(file: "date-dmy.csv", times: [1_675_209_600, 1_680_480_000, 1_687_651_200]),
        Case(file: "excel-de.csv", times: [1_675_209_600, 1_676_467_800], points: [[13.405, 52.52], [13.4, 52.5]]),
        Case(file: "excel-de.csv", mapping: "de", times: [1_675_206_000, 1_676_464_200]),
        // Places in one column.
        Case(
            file: "loc-parens.csv", times: [1_656_680_523, 1_656_759_600],
            points: [[-122.437602, 37.796533], [-122.416719, 37.753466]], notes: ["fits dd/MM/yyyy"]),
        Case(
            file: "loc-wkt.csv", times: [1_539_522_000, 1_539_608_400],
            points: [[-73.957043, 40.79485], [-73.968857, 40.783783]]),
        Case(
            file: "loc-ods.csv", times: [1_656_662_400, 1_656_748_800],
            points: [[2.3522, 48.8566], [2.3376, 48.8606]],
            notes: ["coordinates.axes"]),
        Case(
            file: "loc-dms.csv",
            points: [
                [7.439027777777778, 45.14480555555556], [7.439027777777778, 45.14480555555556], [7.439028, 45.144806],
                [7.439028, 45.144806], [7.439028, 45.144806],
            ]),
        // Whole numbers as fractions.
        Case(
            file: "float-hour.csv", mapping: "hour", times: [1_614_880_800, 1_615_006_800],
            rejections: ["3 missing_value"]),
        Case(
            file: "float-hour.csv", mapping: "hourn", times: [1_614_880_800],
            rejections: ["3 missing_value", "4 missing_value"]),
        Case(file: "float-clock.csv", mapping: "clock", times: [1_614_882_600, 1_614_920_700]),
        // Hour 24 and second 60.
        Case(
            file: "h24-iso.csv", mapping: "simple",
            times: [1_614_920_400, 1_614_920_400, 1_640_995_200, 1_483_228_800], rejections: ["5 impossible_date"]),
        Case(
            file: "h24-hour.csv", mapping: "hour", times: [1_614_920_400],
            rejections: ["3 impossible_date", "4 impossible_date"]),
        // Minus signs and blanks of Unicode.
        Case(file: "minus-u2212.csv", mapping: "simple", points: Array(repeating: [-79.4, 43.7], count: 3)),
        Case(
            file: "nbsp-values.csv", mapping: "simple", times: [1_614_852_360, 1_614_938_760, 1_615_025_160],
            points: Array(repeating: [-79.4, 43.7], count: 3)),
        Case(file: "nbsp-header.csv", mapping: "simple", points: [[-79.4, 43.7]]),
        // Names of weekdays and offsets.
        Case(file: "date-js.csv", times: [1_136_080_800, 1_136_167_200], notes: ["time.trailing_text"]),
        Case(file: "date-rfc.csv", times: [1_136_109_600, 1_136_196_000]),
        Case(file: "date-weekday.csv", times: [1_136_109_600]),
        // A local time in a dataset whose zone is GMT.
        Case(file: "local.csv", mapping: "canonical", times: [1_620_104_760], points: [[-0.1, 51.5]]),
        // Days before 1582.
        Case(
            file: "meteorites.csv", mapping: "met", times: [-2_840_140_800, -35_028_201_600],
            rejections: ["3 missing_value", "5 out_of_range"]),
    ]

    private static let root = ProcessInfo.processInfo.environment["HEXTANT_SHARED"] ?? ""
    private static let builtIn = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "mappings").path

    private static func file(_ name: String) throws -> EventFile { try EventFile(path: "\(root)/data/dirty/\(name)") }

    private static func mapping(_ name: String) throws -> Mapping {
        if name.contains(":") { return try Mapping(yaml: name, file: "test.yaml") }
        let path = "\(root)/data/dirty/maps/\(name).yaml"
        return try Mapping.load(FileManager.default.fileExists(atPath: path) ? path : name, builtInDirectory: builtIn)
    }

    @Test(arguments: cases) func aFileIsReadAsItsAuthorMeantIt(_ expected: Case) async throws {
        let file = try Self.file(expected.file)
        let mapping: Mapping
        if let name = expected.mapping {
            mapping = try Self.mapping(name)
        } else {
            let proposal = try MappingProposal(for: file, stated: Dialect(), builtInDirectory: Self.builtIn)
            for note in expected.notes { #expect(proposal.notes.contains { $0.contains(note) }, "\(proposal.notes)") }
            guard let proposed = proposal.mapping else {
                #expect(expected.times == nil, "\(proposal.yaml)")
                #expect(expected.points == nil, "\(proposal.yaml)")
                #expect(proposal.yaml.contains("TODO"))
                return
            }
            mapping = proposed
        }
        let sink = CollectingSink()
        _ = try await IngestPipeline(mapping: mapping, defaultZone: "GMT", readsOn: true).ingest(file, into: sink)
        if let times = expected.times {
            #expect(await sink.times.map(\.seconds) == times)
        }
        if let points = expected.points {
            let found = await sink.points
            #expect(found.count == points.count)
            for (one, other) in zip(found, points) {
                #expect(abs(one[0] - other[0]) < 1e-12, "\(found)")
                #expect(abs(one[1] - other[1]) < 1e-12, "\(found)")
            }
        }
        #expect(await sink.rejections == expected.rejections)
    }

    /// The ways of writing a time in `prop-*.csv`: fifteen days from 13 June 2023, some of them twice.
    @Test(arguments: [
        "prop-ampm.csv", "prop-compact.csv", "prop-dash.csv", "prop-dmy-hms.csv", "prop-dot.csv", "prop-resp.csv",
        "prop-ymdslash.csv",
    ])
    func aProposalReadsEveryWayOfWritingATime(_ name: String) async throws {
        let file = try Self.file(name)
        let proposal = try MappingProposal(for: file, stated: Dialect(), builtInDirectory: Self.builtIn)
        let sink = CollectingSink()
        let mapping = try #require(proposal.mapping, "\(proposal.yaml)")
        let counts = try await IngestPipeline(mapping: mapping, defaultZone: "UTC", readsOn: true)
            .ingest(file, into: sink).counts
        #expect(counts.rejected == 0)
        #expect(counts.accepted > 10)
        let days = await sink.times.map(\.day.number)
        #expect(days == (0..<days.count).map { 19_521 + Int32($0 % 15) }, "\(proposal.yaml)")
        #expect(proposal.notes.isEmpty, "\(proposal.notes)")
    }

    @Test(arguments: ["zn-EST5EDT", "zn-Etc_GMT", "zn-Japan", "zn-NZ", "zn-Singapore", "zn-Zulu", "zonegmt"])
    func aZoneByAnyNameIsOne(_ name: String) throws {
        let mapping = try Self.mapping(name)
        #expect(mapping.time.zone != nil)
        #expect(throws: Never.self) { try IngestPipeline(mapping: mapping, defaultZone: "GMT") }
    }

    @Test func aTypingErrorInAYearIsTold() async throws {
        let notes = try await IngestPipeline(mapping: try Self.mapping("nypd"), defaultZone: "UTC")
            .ingest(try Self.file("year-typo.csv"), into: CollectingSink()).notes
        #expect(notes.unlikelyTimes.count == 3)
        #expect(notes.unlikelyTimes.firstLine == 62)
        #expect(notes.unlikelyTimes.firstDay?.description == "1015-05-17")
        let preview = try await IngestPreview(
            try Self.file("year-typo.csv"), mapping: try Self.mapping("nypd"), defaultZone: "UTC")
        #expect(preview.period?.lowerBound.wholeSeconds.description == "1015-05-17T13:56:02Z")
    }

    @Test func thousandsInProjectedCoordinatesAreRead() async throws {
        let sink = CollectingSink()
        _ = try await IngestPipeline(mapping: try Self.mapping("thousands"), defaultZone: "UTC")
            .ingest(try Self.file("thousands.csv"), into: sink)
        let points = await sink.points
        #expect(points.count == 3)
        #expect(abs(points[1][0] - points[2][0]) < 1e-9)
        #expect(abs(points[1][1] - points[2][1]) < 1e-9)
        #expect((-74.3 ... -73.6).contains(points[0][0]))
        #expect((40.4...41).contains(points[0][1]))
    }

    // MARK: Forms of files

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

    private static func read(_ name: String, _ mapping: Mapping) async throws -> (IngestResult, CollectingSink) {
        let sink = CollectingSink()
        let result = try await IngestPipeline(mapping: mapping, defaultZone: "America/Toronto")
            .ingest(try file(name), into: sink)
        return (result, sink)
    }

    private static func read(_ name: String, _ yaml: String) async throws -> (IngestResult, CollectingSink) {
        try await read(name, try Mapping(yaml: yaml, file: "test.yaml"))
    }

    @Test(
        arguments: [
            ("stray-quotes.csv", flat, 29, ["4 unterminated_quote"]),
            ("stray-quotes.tsv", flat, 28, ["4 unterminated_quote", "28 unterminated_quote"]),
            ("stray-once.tsv", flat, 28, ["4 unterminated_quote", "13 text_after_quote"]),
            ("stray-once.tsv", "\(flat)\nquote: none", 30, []),
            ("backslash-quotes.csv", flat, 1, ["2 text_after_quote", "4 text_after_quote"]),
            ("backslash-quotes.csv", "\(flat)\nescape: '\\'", 3, []),
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
        let (result, sink) = try await Self.read(name, yaml)
        #expect(result.counts.accepted == events)
        #expect(await sink.rejections == letters)
    }

    @Test(
        arguments: [
            ("pre-title.csv", "canonical", 2, ["7 bad_timestamp"]), ("pre-sep.csv", "canonical", 2, []),
            ("pre-sep-semi.csv", "canonical", 2, []), ("trail-rows.csv", "canonical", 2, []),
            ("trail-header.csv", "canonical", 2, []), ("comment-inside.csv", "canonical", 2, ["3 wrong_column_count"]),
            ("csv-and-readme.zip", "canonical", 2, []), ("firms.zip", "firms", 2, []),
            ("formula.csv", "canonical", 3, []),
            ("own-export.geojson", "hextant-geojson", 2, []), ("own-export.geojsonseq", "hextant-geojson", 3, []),
        ] as [(String, String, Int, [String])])
    func aBuiltInMappingReadsIt(
        _ name: String, _ mapping: String, _ events: Int, _ letters: [String]
    ) async throws {
        let (result, sink) = try await Self.read(name, try Self.mapping(mapping))
        #expect(result.counts.accepted == events)
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
        #expect(guess.notes.sentences.first?.contains("read as cp1252") == true)
        let (stated, named) = try await Self.read("cp1251-values.csv", Self.flat + "\nencoding: cp1251")
        #expect(await named.types == ["кража"])
        #expect(stated.notes == IngestNotes())
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
        #expect(await cars.types == ["krádež ve vozidle – Žižkov"])
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

/// A sink that keeps what is compared.
private actor CollectingSink: EventSink {
    private(set) var types: [String] = []
    private(set) var times: [Instant] = []
    private(set) var points: [[Double]] = []
    /// The dead letters as "line reason", in order.
    private(set) var rejections: [String] = []

    func end(_ content: ContentDigest, warnings: [String]) {}

    func write(_ chunk: EventChunk) {
        types += (0..<chunk.count).map { chunk.eventTypes[$0] }
        times += chunk.timestamps
        points += zip(chunk.longitudes, chunk.latitudes).map { [$0, $1] }
        rejections += chunk.deadLetters.map { "\($0.lineNumber) \($0.reasonCode)" }
    }
}
