import Domain
import Testing

@testable import Feeds

/// Files whose table does not begin with the first line, and records that are not as long as the header.
@Suite struct HeaderTests {
    private static let header = "event_type,event_timestamp,longitude,latitude,attributes_json"
    private static let good = "theft,2021-03-04T05:06:07Z,-79.4,43.7,{}"

    private static func mapping(_ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: event_type}
                time: {column: event_timestamp}
                coordinates: {longitude: longitude, latitude: latitude}
                attributes: {json: attributes_json}
                \(more)
                """, file: "test.yaml")
    }

    private func read(_ lines: [String], _ more: String = "", lineEnd: String = "\n") async throws -> Outcome {
        try await ingest(lines.map { $0 + lineEnd }.joined(), by: try Self.mapping(more))
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func theHeaderIsFoundBelowATitleAndLinesKeepTheirNumbers(_ lineEnd: String) async throws {
        let outcome = try await read(
            [
                "Monthly Incident Report,,,,", "Reporting period:,2021-03-01 to 2021-03-31,,,", "", Self.header,
                Self.good, "Total,2,,,",
            ], lineEnd: lineEnd)
        #expect(outcome.counts.accepted == 1)
        #expect(await outcome.sink.rejections == ["6 bad_timestamp"])
        #expect(outcome.notes.sentences == ["The header was found on line 4; the lines before it were left out."])
    }

    @Test(arguments: [
        "A title; with semicolons; and, a comma", "\"A title, in quotes\"", "a\tb\tc", "=====", "1,2,3,4,5",
        "event_type", "\u{FEFF}Report",
    ])
    func whateverTheFirstLineIs(_ title: String) async throws {
        for delimiter in [",", ";", "\t", "|"] {
            let lines = [title, Self.header, Self.good].map {
                $0 == title ? $0 : $0.replacing(",", with: delimiter)
            }
            let outcome = try await read(lines)
            #expect(outcome.counts.accepted == 1, "\(delimiter)")
            #expect(outcome.counts.rejected == 0, "\(delimiter)")
        }
    }

    @Test(arguments: [
        ("sep=,", ","), ("sep=;", ";"), ("SEP=|", "|"), ("sep=\t", "\t"), ("\"sep=;\"", ";"), ("\u{FEFF}sep=;", ";"),
        ("sep=,,,,,", ","), ("sep=^", "^"),
    ])
    func theLineThatNamesTheSeparatorIsNoRecord(_ line: String, _ delimiter: String) async throws {
        let lines = [line] + [Self.header, Self.good, Self.good].map { $0.replacing(",", with: delimiter) }
        let outcome = try await read(lines, lineEnd: "\r\n")
        #expect(outcome.counts.accepted == 2)
        #expect(outcome.counts.rejected == 0)
    }

    @Test(arguments: ["skip_lines: 3", "header_line: 4"])
    func theHeadersPlaceMayBeStated(_ statement: String) async throws {
        let lines = ["a,b", Self.header, "", Self.header, Self.good, "x"]
        let outcome = try await read(lines, statement)
        #expect(outcome.counts.accepted == 1)
        #expect(await outcome.sink.rejections == ["6 wrong_column_count"])
        #expect(outcome.notes.sentences == [])
    }

    @Test func commentsMayBeStated() async throws {
        let lines = ["# made, by; a program", Self.header, Self.good, "# corrected below", Self.good, "#"]
        let outcome = try await read(lines, "comment: \"#\"")
        #expect(outcome.counts.received == 2)
        #expect(outcome.counts.accepted == 2)
        let plain = try await read(Array(lines.dropFirst()))
        #expect(await plain.sink.rejections == ["3 wrong_column_count", "5 wrong_column_count"])
    }

    @Test func aHeaderThatIsNowhereIsMissedWithTheColumnsOfTheTable() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await read(["Report,,,", "kind,when,lon,lat", "a,2021-03-04,1,2"])
        }
        #expect(error?.line == 2)
        #expect(error?.problem.contains("kind, when, lon, lat") == true, "\(String(describing: error))")
    }

    @Test func aHeaderOverSeveralLinesStaysAHeader() async throws {
        let text = "\"event\n_type\",event_timestamp,longitude,latitude,note\ntheft,2021-03-04,-79.4,43.7,a\n"
        let mapping = try Mapping(
            yaml: """
                event_type: {column: "event\\n_type"}
                time: {column: event_timestamp}
                coordinates: {longitude: longitude, latitude: latitude}
                """, file: "test.yaml")
        #expect(try await ingest(text, by: mapping).counts.accepted == 1)
    }

    @Test func anEmptyLastColumnOnOneSideOnlyIsRead() async throws {
        for lines in [
            [Self.header, "\(Self.good),", "\(Self.good),,", "\(Self.good), ,\t"],
            ["\(Self.header),", Self.good, Self.good, "\(Self.good),"],
            ["\(Self.header),,", Self.good, "\(Self.good),", Self.good],
        ] {
            let outcome = try await read(lines)
            #expect(outcome.counts.accepted == 3)
            #expect(outcome.counts.rejected == 0)
            #expect(outcome.notes.sentences == [])
        }
    }

    @Test func aTextBeyondTheHeaderIsNotRead() async throws {
        let outcome = try await read([Self.header, Self.good + ",x", Self.good + ",,x"])
        #expect(await outcome.sink.rejections == ["2 wrong_column_count", "3 wrong_column_count"])
    }

    @Test func aStrayQuoteIsFoundWhereRowsAreLongerThanTheHeader() async throws {
        var rows = [String](repeating: "\(Self.good),", count: 20)
        rows[4] = rows[4].replacing("theft", with: "\"theft")
        rows[9] = "\(Self.good)\","
        let outcome = try await read([Self.header] + rows)
        #expect(await outcome.sink.rejections.first == "6 unterminated_quote")
        #expect(outcome.counts.received == 20)
    }

    @Test func aShortRowIsReadIfOnlyAttributesAreMissingAndThatIsSaid() async throws {
        let short = "theft,2021-03-04T05:06:07Z,-79.4,43.7"
        let lines = [Self.header, Self.good, short, "theft,2021-03-04T05:06:07Z,-79.4", "theft", short]
        let outcome = try await read(lines)
        #expect(outcome.counts.accepted == 3)
        #expect(await outcome.sink.rows.map(\.attributes) == ["{}", "{}", "{}"])
        #expect(await outcome.sink.rejections == ["4 wrong_column_count", "5 wrong_column_count"])
        #expect(outcome.notes.sentences.count == 1)
        #expect(outcome.notes.sentences.first?.hasPrefix("2 records have fewer fields") == true)
        #expect(outcome.notes.sentences.first?.contains("line 3") == true)
        let strict = try await read(lines, "short_rows: reject")
        #expect(strict.counts.accepted == 1)
        #expect(await strict.sink.rejections.first == "3 wrong_column_count")
    }

    @Test(arguments: [
        ("skip_lines: -1", "skip_lines"), ("header_line: 0", "header_line"), ("short_rows: maybe", "short_rows"),
    ])
    func aStatementWithoutAMeaningIsRefused(_ line: String, _ key: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(line) }
        #expect(error?.problem.hasPrefix(key) == true, "\(String(describing: error))")
    }

    @Test func aPlaceOfTheHeaderIsStatedOnce() {
        let error = #expect(throws: FeedError.self) { try Self.mapping("skip_lines: 1\nheader_line: 2") }
        #expect(error?.problem.contains("cannot be combined") == true)
    }
}
