import CSV
import TestSupport
import Testing

/// Quotes that nobody meant, among records whose header says how many columns there are.
@Suite struct StrayQuoteTests {
    /// Thirty records of five columns. Some notes are replaced, by the number of the record, counted from 1.
    private static func lines(_ notes: [Int: String], delimiter: String = ",") -> [String] {
        let header = ["type", "time", "lon", "lat", "note"].joined(separator: delimiter)
        return [header]
            + (1...30).map { number in
                ["theft", "2021-03-\(number) 05:06", "-79.4", "43.7", notes[number] ?? "fine"].joined(
                    separator: delimiter)
            }
    }

    private static func read(
        _ text: String, delimiter: Character = ",", maximumQuotedLines: Int64 = 500, size: Int = .max
    ) throws -> [ReadRecord] {
        var form = CSVForm(delimiter: try #require(delimiter.asciiValue))
        form.maximumQuotedLines = maximumQuotedLines
        return ReadRecord.all(
            of: Array(text.utf8), form, hasHeader: true, pieceSizes: { min(size, text.utf8.count + 1) })
    }

    /// The lines with a fault, each with what it is.
    private static func faults(_ records: [ReadRecord]) -> [String] {
        records.compactMap { record in record.fault.map { "\(record.line) \($0)" } }
    }

    @Test(arguments: [",", ";", "\t", "|"] as [Character], ["\n", "\r\n", "\r"])
    func aQuoteThatIsClosedFarBelowCostsItsOwnLine(_ delimiter: Character, _ lineEnd: String) throws {
        let lines = Self.lines([3: "\"Toys \"\"R Us\(delimiter) Inc.", 27: "size 12\""], delimiter: "\(delimiter)")
        let text = lines.map { $0 + lineEnd }.joined()
        for size in [1, 3, 64, 200, .max] {
            let records = try Self.read(text, delimiter: delimiter, size: size)
            #expect(records.count == 31)
            #expect(Self.faults(records) == ["4 unterminatedQuote"])
            #expect(records[3].text == lines[3])
            #expect(records.map(\.line) == (1...31).map { Int64($0) })
            #expect(records[27].fields.last == "size 12\"")
        }
    }

    @Test func aQuoteThatIsNeverClosedCostsItsOwnLine() throws {
        for place in [1, 2, 15, 29, 30] {
            let text = Self.lines([place: "\"Broken glass on the floor"]).joined(separator: "\n")
            for size in [1, 50, .max] {
                let records = try Self.read(text, size: size)
                #expect(records.count == 31)
                #expect(Self.faults(records) == ["\(place + 1) unterminatedQuote"])
            }
        }
    }

    @Test func aQuoteBeforeAnInchMarkCostsItsOwnLine() throws {
        let text = Self.lines([3: "\"Broken glass", 9: "5\" pipe", 12: "\"Smith\" Ave"], delimiter: "\t")
            .map { $0 + "\n" }.joined()
        let records = try Self.read(text, delimiter: "\t")
        #expect(records.count == 31)
        #expect(Self.faults(records) == ["4 unterminatedQuote", "13 textAfterQuote"])
        #expect(records[9].fields.last == "5\" pipe")
    }

    /// A file in which a record follows whose fields are quoted as they should be.
    @Test func aQuoteBeforeQuotedFieldsCostsItsOwnLine() throws {
        for closing in ["\"a, b\"", "\"\"", "\"say \"\"no\"\"\"", "\"two\nlines\""] {
            let records = try Self.read(Self.lines([3: "\"Broken", 6: closing, 20: "\"\""]).joined(separator: "\n"))
            #expect(Self.faults(records) == ["4 unterminatedQuote"], "\(closing)")
            #expect(records.count == 31, "\(closing)")
            #expect(records[6].fields.count == 5, "\(closing)")
        }
    }

    /// The quote opens in one column and is closed in the same column of a later record, so that the fields between
    /// give a record of the right length.
    @Test(arguments: 0..<5, [1, 2, 10])
    func theColumnOfTheQuoteDoesNotMatter(_ column: Int, _ distance: Int) throws {
        var lines = Self.lines([:]).map { $0.split(separator: ",").map(String.init) }
        lines[5][column] = "\"" + lines[5][column]
        lines[5 + distance][column] += "\""
        let records = try Self.read(lines.map { $0.joined(separator: ",") + "\n" }.joined())
        #expect(Self.faults(records) == ["6 unterminatedQuote"])
        #expect(records.count == 31)
    }

    @Test func everyOneOfSeveralCostsItsOwnLine() throws {
        let text = Self.lines([2: "\"one", 3: "\"two", 9: "\"three", 10: "four\"", 30: "\"five"]).joined(
            separator: "\n")
        let records = try Self.read(text)
        #expect(records.count == 31)
        #expect(Self.faults(records) == [3, 4, 10, 31].map { "\($0) unterminatedQuote" })
    }

    @Test func theFirstRecordOfAFileHasNoneBeforeItToBeComparedWith() throws {
        for first in ["\"theft,2021-03-01 05:06,-79.4,43.7,fine", "theft,\"2021-03-01 05:06,-79.4,43.7,fine"] {
            var lines = Self.lines([7: "end\""])
            lines[1] = first
            let records = try Self.read(lines.joined(separator: "\n"))
            #expect(Self.faults(records) == ["2 unterminatedQuote"], "\(first)")
            #expect(records.count == 31, "\(first)")
        }
    }

    @Test(arguments: [
        "\"one\ntwo\"", "\"He said, well, this, that\nand, so, on, and, on\"", "\"a\n\nb\n\nc\"",
        "\"1, 2\n3, 4\n5, 6\"", "\"{\"\"a\"\": 1,\n \"\"b\"\": 2,\n \"\"c\"\": [1, 2, 3]}\"",
        "\"seen, on, Monday, at, noon\r\nby, him\"", "\"2021-03-04 first\n2021-03-05 second\"",
    ])
    func aTextOfSeveralLinesThatWasMeantIsReadWhole(_ note: String) throws {
        let text = Self.lines([1: note, 3: note, 4: note, 30: note]).joined(separator: "\n")
        let plain = String(note.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        for size in [1, 64, .max] {
            let records = try Self.read(text, size: size)
            #expect(records.count == 31)
            #expect(Self.faults(records) == [])
            #expect(records[4].fields.last == plain)
        }
    }

    /// The last columns of the record end the text's last line, so that it has as many fields as a record.
    @Test func theEndOfATextInTheMiddleColumnIsNoRecord() throws {
        let header = "type,time,note,lon,lat"
        let good = "theft,2021-03-04,fine,-79.4,43.7"
        let whole = "theft,2021-03-05,\"Broken\nglass, on, floor\",-79.4,43.7"
        let records = try Self.read([header, good, whole, good].joined(separator: "\n"))
        #expect(records.map(\.fields.count) == [5, 5, 5, 5])
        #expect(records[2].fields[2] == "Broken\nglass, on, floor")
    }

    /// The last line of such a text has as many fields as a record, but its first line has not.
    @Test(arguments: ["Broken\nglass", "theft\n", "\ntheft", "a, b\nc"])
    func theEndOfATextInTheFirstColumnIsNoRecord(_ note: String) throws {
        let good = "fine,2021-03-04,-79.4,43.7"
        let text = ["note,time,lon,lat", good, "\"\(note)\",2021-03-05,-79.4,43.7", good].joined(separator: "\n")
        let records = try Self.read(text)
        #expect(Self.faults(records) == [])
        #expect(records.map { $0.fields.first } == ["note", "fine", note, "fine"])
    }

    @Test func aTextMayHaveAsManyLinesAsIsStated() throws {
        let note = "\"" + (1...40).map { "line \($0)" }.joined(separator: "\n") + "\""
        let text = Self.lines([5: note]).joined(separator: "\n")
        #expect(Self.faults(try Self.read(text, maximumQuotedLines: 40)) == [])
        for size in [1, 100, .max] {
            let records = try Self.read(text, maximumQuotedLines: 39, size: size)
            // The lines of the text are read as records: 39 with one field, and the last one, which ends in the quote.
            #expect(Self.faults(records) == ["6 unterminatedQuote"])
            #expect(records.count == 31 + 39)
        }
    }

    @Test func textAfterAQuoteIsAFaultOfItsRecordAlone() throws {
        let text = Self.lines([2: "\"Smith\" Ave", 3: "\"a\"\"b\"c", 5: "\"good\"", 6: "\"good\"  ", 7: "\"good\"\t"])
            .joined(separator: "\r\n")
        let records = try Self.read(text)
        #expect(Self.faults(records) == ["3 textAfterQuote", "4 textAfterQuote"])
        #expect(records[5...7].map { $0.fields.last } == ["good", "good", "good"])
    }

    /// The expected fields are those of Python 3.11's `csv.reader(escapechar="\\")`.
    @Test(arguments: [
        (#""Herald \"MAJOR CRIMES UP, AGAIN\" March 11",x"#, [#"Herald "MAJOR CRIMES UP, AGAIN" March 11"#, "x"]),
        (#""a \"b\" c",x"#, [#"a "b" c"#, "x"]), (#""a\\",x"#, [#"a\"#, "x"]), (#"a\,b,x"#, ["a,b", "x"]),
        (#"a\\,x"#, [#"a\"#, "x"]), (#""a ""b"" \"c\"",x"#, [#"a "b" "c""#, "x"]), (#"\"a,x"#, [#""a"#, "x"]),
        (#""\\\"",x"#, [#"\""#, "x"]), (#"x,\a"#, ["x", "a"]),
    ])
    func anEscapeMakesTheNextByteAnOrdinaryOne(_ line: String, _ fields: [String]) {
        var form = CSVForm()
        form.escape = UInt8(ascii: "\\")
        for size in 1...(line.utf8.count + 2) {
            let records = ReadRecord.all(
                of: Array("\(line)\n\(line)".utf8), form, hasHeader: true, pieceSizes: { size })
            #expect(records.map(\.fields) == [fields, fields])
        }
    }

    @Test func withoutQuotesEveryQuoteIsAnOrdinaryByte() {
        var form = CSVForm(delimiter: UInt8(ascii: "\t"))
        form.quote = nil
        let text = "a\tb\n\"open\t5\" pipe\n\"Smith\" Ave\t\"\"\n"
        for size in 1...text.utf8.count {
            let records = ReadRecord.all(of: Array(text.utf8), form, hasHeader: true, pieceSizes: { size })
            #expect(records.map(\.fields) == [["a", "b"], ["\"open", "5\" pipe"], ["\"Smith\" Ave", "\"\""]])
        }
    }

    @Test func commentsAreNoRecordsButCountAsLines() {
        var form = CSVForm()
        form.comment = UInt8(ascii: "#")
        let text = "# a title, with \"quotes\r\na,b\r\n#\r\n1,#2\r\n# \"\r\n3,4\r\n#end"
        for size in 1...text.utf8.count {
            let records = ReadRecord.all(of: Array(text.utf8), form, hasHeader: true, pieceSizes: { size })
            #expect(records.map(\.fields) == [["a", "b"], ["1", "#2"], ["3", "4"]])
            #expect(records.map(\.line) == [2, 4, 6])
        }
    }
}
