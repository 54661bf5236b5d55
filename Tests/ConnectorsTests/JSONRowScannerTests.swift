import Testing

@testable import Connectors

@Suite struct JSONRowScannerTests {
    /// The rows and the envelope of a document that comes in pieces of a size.
    private func scan(_ text: String, _ path: [String], piece: Int) throws -> (rows: [String], JSONRowScanner) {
        var scanner = JSONRowScanner(path: path)
        var rows: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try Array(bytes[start..<min(start + piece, bytes.count)]).withUnsafeBytes { bytes in
                try scanner.read(bytes) { rows.append(String(decoding: $0, as: UTF8.self)) }
            }
        }
        return (rows, scanner)
    }

    @Test(arguments: 1...40) func rowsAreTheSameWhereverTheDocumentIsCut(_ piece: Int) throws {
        let text = #"""
            {"help": "x [\"records\": [ {", "success": true, "records": [{"not": "these"}], "result":
              {"records_format": "objects", "fields": [{"id": "a", "records": [1]}],
               "records": [ {"_id":1,"a":"}]\\\""} , {"_id":2,"a":{"b":[[],{}]}},
            {"_id":3}], "_links": {"next": "/x"}, "total": 3}}
            """#
        let (rows, scanner) = try scan(text, ["result", "records"], piece: piece)
        #expect(rows == [#"{"_id":1,"a":"}]\\\""}"#, #"{"_id":2,"a":{"b":[[],{}]}}"#, #"{"_id":3}"#])
        #expect(scanner.isWhole)
        let envelope = try JSONValue(scanner.envelope)
        #expect(envelope["success"] == .bool(true))
        #expect(envelope.value(at: "result.total")?.integer == 3)
        #expect(envelope.value(at: "result.records") == .array([]))
        #expect(envelope["records"] != .array([]))
    }

    @Test(arguments: [1, 7, 1000]) func aTopLevelArrayIsItsRows(_ piece: Int) throws {
        let (rows, scanner) = try scan(" [{\"a\":\"\\/\"},\n{\"b\":[1,2]}] ", [], piece: piece)
        #expect(rows == [#"{"a":"\/"}"#, #"{"b":[1,2]}"#])
        #expect(scanner.isWhole)
        #expect(scanner.foundRows)
    }

    @Test(arguments: ["[]", "[ ]", "[\n]"]) func anEmptyArrayHasNone(_ text: String) throws {
        let (rows, scanner) = try scan(text, [], piece: 1)
        #expect(rows.isEmpty)
        #expect(scanner.isWhole)
        #expect(scanner.foundRows)
    }

    @Test(arguments: ["[{\"a\":1},", "[{\"a\":1}", "[{\"a\":\"", "[", "", "  ", "{\"message\":"])
    func whatIsCutShortIsNotWhole(_ text: String) throws {
        #expect(try !scan(text, [], piece: 3).1.isWhole)
    }

    @Test func anErrorInPlaceOfRowsIsTheEnvelope() throws {
        let (rows, scanner) = try scan(#"{"message":"no [such] column","error":true}"#, [], piece: 5)
        #expect(rows.isEmpty)
        #expect(!scanner.foundRows)
        #expect(try JSONValue(scanner.envelope)["message"]?.text == "no [such] column")
    }

    @Test(arguments: ["[1]", "[\"a\"]", "[[{}]]", "[null]"]) func rowsAreObjects(_ text: String) {
        #expect(throws: JSONRowScanner.Fault.self) { try scan(text, [], piece: 2) }
    }

    @Test func aRowAndAnEnvelopeHaveLimits() {
        let long = String(repeating: "x", count: JSONRowScanner.mostRowBytes)
        #expect(throws: JSONRowScanner.Fault.self) { try scan(#"[{"a":"\#(long)"}]"#, [], piece: 1 << 16) }
        let wide = String(repeating: "x", count: JSONRowScanner.mostEnvelopeBytes)
        #expect(throws: JSONRowScanner.Fault.self) { try scan(#"{"a":"\#(wide)"}"#, [], piece: 1 << 16) }
    }
}
