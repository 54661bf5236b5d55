import Domain
import Testing

@testable import Feeds

/// Every kind of dirt found in real files, with the expected counts and dead letters.
@Suite struct DirtyInputTests {
    private let header = "event_type,event_timestamp,longitude,latitude,attributes_json"
    private let good = "theft,2021-03-04T05:06:07Z,-79.4,43.7,{}"

    private func read(_ lines: [String], lineEnd: String = "\n") async throws -> Outcome {
        try await ingest(lines.map { $0 + lineEnd }.joined(), by: try BuiltIn.mapping("canonical"))
    }

    @Test(arguments: ["", "\u{FEFF}", "\n\r\n\n"])
    func aFileWithoutAHeaderIsAnError(_ text: String) async throws {
        let error = await #expect(throws: FeedError.self) {
            try await ingest(text, by: try BuiltIn.mapping("canonical"))
        }
        #expect(error?.code == .header)
        #expect(error?.problem.contains("no header line") == true)
    }

    @Test(arguments: ["\n", "\r\n", ""])
    func aHeaderAloneIsAFinishedFileOfZeroRows(_ lineEnd: String) async throws {
        let outcome = try await read([header], lineEnd: lineEnd)
        #expect(outcome.counts == IngestCounts())
        #expect(await outcome.sink.chunkSizes == [])
    }

    @Test func aMissingColumnIsNamedWithTheFilesColumnsAndTheMappingsLine() async throws {
        let error = await #expect(throws: FeedError.self) {
            try await read(["event_type,event_timestamp,longitude,attributes_json", "theft,2021-03-04,1,{}"])
        }
        let message = try #require(error).description
        #expect(message.contains(".csv:1: there is no column \"latitude\""))
        #expect(message.contains("coordinates.latitude in"))
        #expect(message.contains("canonical.yaml:13"))
        #expect(message.contains("event_type, event_timestamp, longitude, attributes_json"))
    }

    @Test func aStatedDelimiterThatIsWrongIsSuspected() async throws {
        var mapping = try BuiltIn.mapping("canonical")
        mapping.dialect.delimiter = UInt8(ascii: ",")
        let text = header.split(separator: ",").joined(separator: ";") + "\n"
        let error = await #expect(throws: FeedError.self) { try await ingest(text, by: mapping) }
        #expect(error?.problem.contains("separated by \";\"") == true)
    }

    @Test func aColumnThatStandsTwiceIsRefused() async throws {
        let error = await #expect(throws: FeedError.self) { try await read([header + ", LATITUDE "]) }
        #expect(error?.problem.contains("2 times") == true)
    }

    @Test func namesAreComparedTrimmedAndWithoutCase() async throws {
        let outcome = try await read([" Event_Type,EVENT_TIMESTAMP ,Longitude,Latitude,Attributes_JSON", good])
        #expect(outcome.counts.accepted == 1)
    }

    @Test func badUTF8IsRejectedAndKeptLosslessly() async throws {
        let lines = ["\(header),note", "theft,2021-03-04,1,2,{},ok"].map { Array(($0 + "\n").utf8) }
        var latin1 = Array("caf".utf8) + [0xE9] + Array(",2021-03-04,1,2,{},\u{E9}\\x\n".utf8)
        let bytes = lines.joined() + latin1 + Array("theft,2021-03-04,1,2,{},".utf8) + [0xFF, 0x0A]
        let outcome = try await ingest(Array(bytes), by: try BuiltIn.mapping("canonical"))
        #expect(outcome.counts.received == 3)
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 3], "a column that is not used may hold anything")
        let letter = try #require(await outcome.sink.deadLetters.first)
        #expect(letter.reasonCode == "bad_utf8")
        #expect(letter.lineNumber == 3)
        #expect(letter.rowNumber == 2)
        #expect(letter.raw == "caf\\xE9,2021-03-04,1,2,{},\u{E9}\\x5Cx")
        latin1.removeLast()
        #expect(Self.bytes(ofRaw: letter.raw) == latin1)
    }

    @Test func nulBytesAreRejected() async throws {
        let outcome = try await read([header, "th\u{0}eft,2021-03-04,1,2,{}"])
        #expect(await outcome.sink.rejections == ["2 nul_byte"])
        #expect(await outcome.sink.deadLetters.first?.raw == "th\\x00eft,2021-03-04,1,2,{}")
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func byteOrderMarkAndLineEndsDoNotShowInTheRows(_ lineEnd: String) async throws {
        let outcome = try await read(["\u{FEFF}" + header, good, good], lineEnd: lineEnd)
        #expect(outcome.counts.accepted == 2)
        #expect(await outcome.sink.rows.map(\.attributes) == ["{}", "{}"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_834_367_000_000, 1_614_834_367_000_000])
    }

    @Test func quotesOverLinesKeepTheLineNumbersOfWhatFollows() async throws {
        let outcome = try await read(
            [
                header,
                "theft,2021-03-04,1,2,\"{\"\"note\"\":\r\n \"\"a, \\\"\"b\\\"\"\"\"\n}\"",
                "theft,2021-03-04,x,2,{}", good,
            ], lineEnd: "\r\n")
        #expect(outcome.counts.received == 3)
        #expect(await outcome.sink.rejections == ["5 bad_number"])
        #expect(await outcome.sink.rows.first?.attributes == "{\"note\":\r\n \"a, \\\"b\\\"\"\n}")
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 3])
    }

    @Test(arguments: [
        ("theft,2021-03-04,,43.7,{}", "missing_value", "\"longitude\" is blank"),
        ("theft,2021-03-04,-79.4,  ,{}", "missing_value", "\"latitude\" is blank"),
        ("theft,2021-03-04,-180.01,43.7,{}", "out_of_range", "\"-180.01\" is not within -180 to 180"),
        ("theft,2021-03-04,-79.4,90.5,{}", "out_of_range", "\"90.5\" is not within -90 to 90"),
        ("theft,2021-03-04,1e400,43.7,{}", "out_of_range", "\"1e400\""),
        ("theft,2021-03-04,nan,43.7,{}", "bad_number", "\"nan\" is not a number"),
        ("theft,2021-03-04,-79.4,inf,{}", "bad_number", "\"inf\" is not a number"),
        ("theft,2021-03-04,-79.4W,43.7,{}", "bad_number", "\"-79.4W\""),
        ("theft,2021-03-04,0x1p3,43.7,{}", "bad_number", "\"0x1p3\""),
        ("theft,2021-03-04,0,-0.0,{}", "null_island", "both 0"),
        (",2021-03-04,-79.4,43.7,{}", "missing_value", "\"event_type\" is blank"),
        ("theft,,-79.4,43.7,{}", "missing_value", "\"event_timestamp\" is blank"),
        ("theft,2019-02-30,-79.4,43.7,{}", "impossible_date", "month 2 of 2019 has no day 30"),
        ("theft,2019-13-01T00:00:00Z,-79.4,43.7,{}", "impossible_date", "no month 13"),
        ("theft,2019-01-01T25:00:00Z,-79.4,43.7,{}", "impossible_date", "no hour 25"),
        ("theft,1900-02-29,-79.4,43.7,{}", "impossible_date", "no day 29"),
        ("theft,yesterday,-79.4,43.7,{}", "bad_timestamp", "\"yesterday\""),
        ("theft,2019-01-01T00:00:00Zzz,-79.4,43.7,{}", "bad_timestamp", "Zzz"),
        (",,,,", "empty_row", "every field is blank"),
        (" , ,\"\",,", "empty_row", "every field is blank"),
        (",,,,,,,", "empty_row", "every field is blank"),
        ("theft,2021-03-04,-79.4", "wrong_column_count", "3 fields where the header has 5"),
        ("theft,2021-03-04,-79.4,43.7,{},x", "wrong_column_count", "6 fields where the header has 5"),
        ("theft,2021-03-04,-79.4,43.7,[1]", "bad_json", "is not a JSON object"),
        ("theft,2021-03-04,-79.4,43.7,\"{\"\"a\"\":1,}\"", "bad_json", "at byte 8"),
        ("theft,2021-03-04,-79.4,43.7,\"{", "unterminated_quote", "never closed"),
    ])
    func aBadRowIsADeadLetterAmongGoodOnes(_ row: String, _ reason: String, _ detail: String) async throws {
        let outcome = try await read([header, good, row, good])
        #expect(outcome.counts.received == 3)
        #expect(outcome.counts.accepted == 2)
        #expect(outcome.counts.rejects?.byReason == [reason: 1])
        let letter = try #require(await outcome.sink.deadLetters.first)
        #expect(letter.lineNumber == 3)
        #expect(letter.rowNumber == 2)
        #expect(letter.raw == row)
        #expect(letter.detail.contains(detail), "\(letter.detail)")
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 3])
    }

    @Test func valuesLongerThanAnIndexHoldsAreRejected() async throws {
        let outcome = try await read([
            header + ",event_id", String(repeating: "t", count: 257) + ",2021-03-04,1,2,{},7",
            "theft,2021-03-04,1,2,{}," + String(repeating: "7", count: 513),
            String(repeating: "t", count: 256) + ",2021-03-04,1,2,{}," + String(repeating: "7", count: 512),
        ])
        #expect(await outcome.sink.rejections == ["2 value_too_long", "3 value_too_long"])
    }

    @Test func blankLinesAreNoRecords() async throws {
        let outcome = try await read(["", header, "", good, "", "x", ""])
        #expect(outcome.counts.received == 2)
        #expect(await outcome.sink.rejections == ["6 wrong_column_count"])
    }

    /// Restores the bytes from `DeadLetter.raw`, as documented.
    private static func bytes(ofRaw raw: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(raw.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: Array("\\x".utf8)) {
                bytes.append(UInt8(String(decoding: rest.dropFirst(2).prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(4)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }
}
