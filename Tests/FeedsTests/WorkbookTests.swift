import Domain
import Testing

@testable import Feeds

/// Excel workbooks as files of events. End-to-end tests compare whole workbooks with openpyxl.
@Suite struct WorkbookTests {
    private static let header = MadeWorkbook.row(["type", "when", "lon", "lat", "note"])

    private static func mapping(_ more: String = "", time: String = "{column: when}") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: type}
                time: \(time)
                coordinates: {longitude: lon, latitude: lat}
                attributes: {columns: [note]}
                \(more)
                """, file: "test.yaml")
    }

    private static func row(_ when: String, _ number: Int? = nil, note: String = "") -> String {
        "<row\(number.map { " r=\"\($0)\"" } ?? "")><c t=\"inlineStr\"><is><t>fire</t></is></c>\(when)"
            + "<c><v>-79.4</v></c><c><v>43.7</v></c>\(note)</row>"
    }

    private static func time(_ outcome: Outcome, _ row: Int = 0) async -> String {
        Instant(microseconds: await outcome.sink.rows[row].timestamp).description
    }

    /// Serial numbers by Excel's own table of both systems: 44197 and 42735 are 2021-01-01.
    @Test(arguments: [("", "44197.75"), ("date1904=\"1\"", "42735.75"), ("date1904=\"true\"", "42735.75")])
    func aDateCellIsReadInTheSystemOfItsWorkbook(_ properties: String, _ serial: String) async throws {
        var book = MadeWorkbook(Self.header + Self.row("<c s=\"2\"><v>\(serial)</v></c>"))
        book.properties = properties
        let outcome = try await ingest(book.bytes, by: try Self.mapping())
        #expect(await Self.time(outcome) == Instant("2021-01-01T18:00:00Z")?.description)
    }

    /// A mapping for files of text says how times are written there. Cells that are dates say it themselves.
    @Test func aDateCellNeedsNoPattern() async throws {
        let cells = [
            "<c s=\"1\"><v>44197</v></c>", "<c t=\"inlineStr\"><is><t>Jan-21</t></is></c>",
            "<c t=\"d\"><v>2021-01-01</v></c>", "<c><v>44197</v></c>",
        ]
        let book = MadeWorkbook(Self.header + cells.map { Self.row($0) }.joined())
        let mapping = try Self.mapping(time: "{column: when, patterns: [MMM-yy]}")
        let outcome = try await ingest(book.bytes, by: mapping)
        #expect(outcome.counts.accepted == 3)
        #expect(await outcome.sink.rejections == ["5 bad_timestamp"])
        let times = await outcome.sink.rows.map(\.timestamp)
        #expect(Set(times).count == 1)
    }

    @Test func aTimeOfDayMayHaveACellOfItsOwn() async throws {
        let rows = [
            MadeWorkbook.row(["type", "when", "lon", "lat", "note"]),
            Self.row(
                "<c s=\"1\"><v>44197</v></c>", note: "<c s=\"3\"><v>0.5208333333333334</v></c>"),
        ]
        let time = "{column: when, clock_column: note, clock_patterns: [\"HH'h'mm\"]}"
        let outcome = try await ingest(MadeWorkbook(rows.joined()).bytes, by: try Self.mapping(time: time))
        #expect(await Self.time(outcome) == Instant("2021-01-01T12:30:00Z")?.description)
    }

    /// Row 60 of the calendar of 1900 is a day that never was; the days beside it are right (Microsoft, "Excel
    /// incorrectly assumes that the year 1900 is a leap year").
    @Test(arguments: [
        (14, "1", false, "1900-01-01"), (14, "59", false, "1900-02-28"), (14, "60", false, "1900-02-29"),
        (14, "61", false, "1900-03-01"), (14, "0", true, "1904-01-01"), (22, "44197.5", false, "2021-01-01 12:00:00"),
        (14, "44197.999999999", false, "2021-01-02"), (21, "0.25", false, "06:00:00"),
        (22, "44197.00000578704", false, "2021-01-01 00:00:00.500"), (46, "1.5", false, "36:00:00"),
        (0, "44197", false, nil), (14, "-1", false, nil), (14, "2958465", false, "9999-12-31"),
        (14, "2958466", false, nil), (2, "1.5", false, nil),
    ])
    func aSerialNumberIsADateByItsFormat(_ format: Int, _ serial: String, _ from1904: Bool, _ text: String?) throws {
        let number = try #require(Double(serial))
        #expect(NumberFormat(number: format).text(serial: number, from1904: from1904) == text)
    }

    @Test(arguments: [
        ("General", NumberFormat.number), ("0.00E+00", .number), ("#,##0.00\\ \"days\"", .number), ("[Red]0", .number),
        ("yyyy-mm-dd", .date), ("mmm-yy", .date), ("d. mmmm yyyy;@", .date), ("dd/mm/yyyy hh:mm", .dateTime),
        ("[$-409]m/d/yy h:mm AM/PM;@", .dateTime), ("hh:mm:ss", .timeOfDay), ("mm:ss.0", .timeOfDay),
        ("[h]:mm:ss", .duration), ("[mm]:ss", .duration), ("_-* #,##0.00_-;-* #,##0.00_-", .number),
        ("yyyy\"年\"m\"月\"d\"日\"", .date),
    ])
    func aFormatOfItsOwnIsADateByItsLetters(_ code: String, _ format: NumberFormat) {
        #expect(NumberFormat(code: code) == format)
    }

    /// The number of a dead letter's line is what Excel shows beside the row.
    @Test func aDeadLetterHasTheNumberOfItsRow() async throws {
        let rows = [
            MadeWorkbook.row(["A title\nof two lines"], 1),
            MadeWorkbook.row(["type", "when", "lon", "lat", "note"], 4),
            Self.row("<c s=\"1\"><v>44197</v></c>", 5, note: "<c t=\"inlineStr\"><is><t>a&#10;b</t></is></c>"),
            Self.row("<c t=\"e\"><v>#N/A</v></c>", 9), Self.row("<c s=\"1\"><v>44198</v></c>", 12),
        ]
        let outcome = try await ingest(MadeWorkbook(rows.joined()).bytes, by: try Self.mapping())
        #expect(outcome.counts.accepted == 2)
        #expect(await outcome.sink.rejections == ["9 missing_value"])
        #expect(await outcome.sink.rows.first?.attributes == "{\"note\":\"a\\nb\"}")
    }

    @Test func cellsThatAreMissingAreBlank() async throws {
        let row =
            "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" s=\"1\"><v>44197</v></c><c r=\"D2\"><v>1</v></c>"
            + "</row>"
        let book = MadeWorkbook(Self.header + row, texts: ["<t>fire</t>"])
        let outcome = try await ingest(book.bytes, by: try Self.mapping())
        #expect(await outcome.sink.rejections == ["2 missing_value"])
        #expect(await outcome.sink.deadLetters.first?.detail.contains("\"lon\"") == true)
        #expect(outcome.notes.sentences == [])
    }

    @Test func aSharedTextIsTheTextOfItsRunsWithoutItsPronunciation() async throws {
        let texts = [
            "<r><t>東</t></r><r><t xml:space=\"preserve\">京_x0041_</t></r><rPh sb=\"0\" eb=\"1\"><t>トウ</t></rPh>"
        ]
        let row = Self.row("<c s=\"1\"><v>44197</v></c>", note: "<c t=\"s\"><v>0</v></c>")
        let outcome = try await ingest(MadeWorkbook(Self.header + row, texts: texts).bytes, by: try Self.mapping())
        #expect(await outcome.sink.rows.first?.attributes == "{\"note\":\"東京A\"}")
    }

    @Test func aSheetIsTheFirstOneThatIsSeenOrTheOneThatIsNamed() async throws {
        func rows(_ type: String) -> String {
            Self.header + Self.row("<c s=\"1\"><v>44197</v></c>").replacing("fire", with: type)
        }
        var book = MadeWorkbook("")
        book.sheets = [("Lists", rows("hidden")), ("Data", rows("first")), ("More", rows("second"))]
        book.hidden = ["Lists"]
        for (statement, type) in [("", "first"), ("sheet: More", "second"), ("sheet: lists", "hidden")] {
            let outcome = try await ingest(book.bytes, by: try Self.mapping(statement))
            #expect(await outcome.sink.rows.map(\.eventType) == [type])
            #expect(outcome.notes.sentences.count { $0.contains("one of 3") } == (statement.isEmpty ? 1 : 0))
        }
        let error = await #expect(throws: FeedError.self) {
            try await ingest(book.bytes, by: try Self.mapping("sheet: Nothing"))
        }
        #expect(error?.problem.contains("\"Lists\", \"Data\", \"More\"") == true)
    }

    /// Rules of a mapping for files of text do not matter in a workbook, besides the decimal sign of texts.
    @Test func aMappingForFilesOfTextReadsAWorkbook() async throws {
        let row =
            Self.row("<c s=\"1\"><v>44197</v></c>")
            + Self.row("<c s=\"1\"><v>44197</v></c>").replacing(
                "<c><v>-79.4</v></c>", with: "<c t=\"inlineStr\"><is><t>-79,4</t></is></c>")
        let mapping = try Self.mapping("delimiter: \";\"\nencoding: utf-16le\ndecimal: comma\ncomment: f")
        let outcome = try await ingest(MadeWorkbook(Self.header + row).bytes, by: mapping)
        #expect(await outcome.sink.rows.map(\.longitude) == [-79.4, -79.4])
    }

    @Test func aMappingForWorkbooksRefusesText() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await ingest("type,when,lon,lat,note\n", by: try Self.mapping("format: xlsx"))
        }
        #expect(error?.problem.contains("is not an Excel workbook (XLSX)") == true)
        for (statement, words) in [("sheet: a", "no Excel workbook"), ("layer: a", "no GeoPackage")] {
            let error = await #expect(throws: FeedError.self) {
                try await ingest("type,when,lon,lat,note\n", by: try Self.mapping(statement))
            }
            #expect(error?.problem.contains(words) == true)
        }
    }

    @Test(arguments: [
        ("<row r=\"2\"/><row r=\"2\"/>", "row 2 comes after row 2"), ("<row r=\"1048577\"/>", "row 1048577"),
        ("<row><c r=\"C1\"><v>1</v></c><c r=\"B1\"><v>1</v></c></row>", "B1 is out of order"),
        ("<row><c r=\"XFE1\"><v>1</v></c></row>", "last column"), ("<row><c t=\"s\"><v>0</v></c></row>", "the text 0"),
        ("<row><c><v>1</v></c>", "not XML"), (String(repeating: "<row>", count: 100), "deeper than 64"),
    ])
    func aDamagedSheetIsRefused(_ rows: String, _ words: String) async throws {
        let error = await #expect(throws: FeedError.self) {
            try await ingest(MadeWorkbook(rows).bytes, by: try Self.mapping())
        }
        #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    }

    @Test func entitiesAndPartsElsewhereAreRefused() async throws {
        let mapping = try Self.mapping()
        var book = MadeWorkbook(Self.header)
        book.parts["xl/worksheets/sheet0.xml"] =
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"str\"><v>&e;</v>"
            + "</c></row></sheetData></worksheet>"
        let entity = await #expect(throws: FeedError.self) { try await ingest(book.bytes, by: mapping) }
        #expect(entity?.problem.contains("document type") == true)
        var other = MadeWorkbook(Self.header)
        other.parts["xl/_rels/workbook.xml.rels"] =
            "<Relationships><Relationship Id=\"s0\" Type=\"u/worksheet\" Target=\"http://example.org/a.xml\" "
            + "TargetMode=\"External\"/></Relationships>"
        let sheet = await #expect(throws: FeedError.self) { try await ingest(other.bytes, by: mapping) }
        #expect(sheet?.problem.contains("in another file") == true)
    }

    /// A cell of thirty bytes may refer to a text of many thousands.
    @Test func manyCellsOfOneLongTextAreRefused() async throws {
        let text = String(repeating: "x", count: 30_000)
        let mapping = try Self.mapping("filter: [{column: type, in: [fire]}]")
        let row = "<row><c t=\"s\"><v>0</v></c></row>"
        let book = MadeWorkbook(Self.header + String(repeating: row, count: 3_000), texts: ["<t>\(text)</t>"])
        let error = await #expect(throws: FeedError.self) { try await ingest(book.bytes, by: mapping) }
        #expect(error?.problem.contains("500 times its size") == true)
        let long = MadeWorkbook(Self.header, texts: ["<t>\(String(repeating: text, count: 5))</t>"])
        let cell = await #expect(throws: FeedError.self) { try await ingest(long.bytes, by: mapping) }
        #expect(cell?.problem.contains("32,767 characters") == true)
    }

    /// The rules for cells hold for dead letters, too, because a batch keeps what kind of file it was.
    @Test func aDeadLetterIsReadAgainLikeACell() throws {
        var mapping = try Self.mapping(time: "{column: when, patterns: [MMM-yy]}")
        let header = "type,when,lon,lat,note\n"
        let letter = DeadLetter(
            rowNumber: 1, lineNumber: 2, raw: "fire,2021-01-01,-79.4,43.7", reasonCode: "bad_number", detail: "")
        var events = EventChunk()
        let asText = try LetterReader(mapping: mapping, header: header, defaultZone: "UTC")
        #expect(try !asText.read(letter, into: &events))
        mapping.dialect.format = .xlsx
        let asCell = try LetterReader(mapping: mapping, header: header, defaultZone: "UTC")
        #expect(try asCell.read(letter, into: &events))
        #expect(events.count == 1)
    }
}
