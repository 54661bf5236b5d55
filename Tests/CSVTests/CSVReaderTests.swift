import CSV
import TestSupport
import Testing

@Suite struct CSVReaderTests {
    @Test(arguments: PythonRecords.cases.indices)
    func readsWhatPythonReads(_ index: Int) {
        let (text, records) = PythonRecords.cases[index]
        let read = ReadRecord.all(of: Array(text.utf8), pieceSizes: { text.utf8.count })
        #expect(read == records.map { ReadRecord(line: $0.line, fields: $0.fields, fault: $0.fault) })
    }

    @Test(arguments: PythonRecords.cases.indices)
    func readsTheSameFromPiecesOfAnySize(_ index: Int) {
        let bytes = Array(PythonRecords.cases[index].text.utf8)
        let whole = ReadRecord.all(of: bytes, pieceSizes: { bytes.count })
        for seed in 0..<8 {
            var random = SplitMix(state: UInt64(seed))
            #expect(ReadRecord.all(of: bytes, pieceSizes: { Int(random.next() % 4) + 1 }) == whole)
        }
    }

    @Test func dropsAByteOrderMarkWhereverThePiecesEnd() {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("a,b\n\u{FEFF}c,d\n".utf8)
        for size in 1...bytes.count {
            let records = ReadRecord.all(of: bytes, pieceSizes: { size })
            #expect(records.map(\.fields) == [["a", "b"], ["\u{FEFF}c", "d"]])
        }
    }

    @Test func keepsBytesThatOnlyBeginLikeAByteOrderMark() {
        let records = ReadRecord.all(of: [0xEF, 0xBB], pieceSizes: { 1 })
        #expect(records.map(\.raw) == [[0xEF, 0xBB]])
    }

    @Test(arguments: [";", "\t", "|"])
    func separatesByAnotherDelimiter(_ delimiter: Character) throws {
        let byte = try #require(delimiter.asciiValue)
        let records = ReadRecord.all(
            of: Array("a\(delimiter)\"b\(delimiter),\"\(delimiter)c,d\n".utf8), delimiter: byte, pieceSizes: { 3 })
        #expect(records.map(\.fields) == [["a", "b\(delimiter),", "c,d"]])
    }

    @Test func givesUpOnlyTheLineWhoseQuoteIsNeverClosed() {
        let text = "a,b\n1,2\n\"3,4\n5,6\n\n7,8"
        for size in 1...text.utf8.count {
            let records = ReadRecord.all(of: Array(text.utf8), pieceSizes: { size })
            #expect(records.map(\.line) == [1, 2, 3, 4, 6])
            #expect(records.map(\.fault) == [nil, nil, .unterminatedQuote, nil, nil])
            #expect(records[2].text == "\"3,4")
            #expect(records.last?.fields == ["7", "8"])
        }
    }

    @Test func givesUpALineThatIsTooLongAndReadsOn() {
        let text = "ab,cd\r\n" + String(repeating: "x", count: 30) + "\r\n12345678\r\nend"
        for size in 1...text.utf8.count {
            let records = ReadRecord.all(of: Array(text.utf8), maximumRecordBytes: 8, pieceSizes: { size })
            #expect(records.map(\.line) == [1, 2, 3, 4])
            #expect(records.map(\.fault) == [nil, .recordTooLong, nil, nil])
            #expect(records.map(\.text) == ["ab,cd", "xxxxxxxx", "12345678", "end"])
        }
    }

    @Test func aStrayQuoteCostsItsLineNotTheRestOfTheFile() {
        let text = "a,b\n\"c,d\ne,f\ng,h\ni,j\nk,\"l\"\n"
        for size in 1...text.utf8.count {
            let records = ReadRecord.all(of: Array(text.utf8), maximumRecordBytes: 10, pieceSizes: { size })
            #expect(records.map(\.fault) == [nil, .recordTooLong, nil, nil, nil, nil])
            #expect(records.map(\.line) == [1, 2, 3, 4, 5, 6])
            #expect(records.last?.fields == ["k", "l"])
        }
    }

    @Test(arguments: [7, 64, 1000])
    func pieceSizeDoesNotChangeFaults(_ limit: Int) {
        var random = SplitMix(state: 5)
        let alphabet = Array("a1\", \n\r#\\".utf8) + [0xC3, 0xA9]
        for round in 0..<400 {
            var form = CSVForm()
            form.maximumQuotedLines = 3
            if round % 4 == 1 { form.escape = UInt8(ascii: "\\") }
            if round % 4 == 2 { form.comment = UInt8(ascii: "#") }
            if round % 4 == 3 { form.quote = nil }
            let bytes = (0..<random.next() % 120).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let whole = ReadRecord.all(
                of: bytes, form, maximumRecordBytes: limit, hasHeader: true, pieceSizes: { 1000 })
            let pieces = ReadRecord.all(
                of: bytes, form, maximumRecordBytes: limit, hasHeader: true,
                pieceSizes: { Int(random.next() % 9) + 1 })
            #expect(whole == pieces)
        }
    }
}
