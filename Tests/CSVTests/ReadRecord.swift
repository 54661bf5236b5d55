import CSV

/// A record with its fields as texts, for comparison.
struct ReadRecord: Equatable {
    let line: Int64
    let fields: [String]
    let fault: CSVFault?
    var raw: [UInt8] = []

    var text: String { String(decoding: raw, as: UTF8.self) }

    static func == (left: Self, right: Self) -> Bool {
        left.line == right.line && left.fields == right.fields && left.fault == right.fault
    }

    /// Reads `bytes` in blocks whose sizes the function gives.
    static func all(
        of bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ","), maximumRecordBytes: Int = 1 << 20,
        pieceSizes: () -> Int
    ) -> [ReadRecord] {
        let form = CSVForm(delimiter: delimiter)
        return all(of: bytes, form, maximumRecordBytes: maximumRecordBytes, hasHeader: false, pieceSizes: pieceSizes)
    }

    /// Reads `bytes` written in a form, in blocks whose sizes the function gives.
    static func all(
        of bytes: [UInt8], _ form: CSVForm, maximumRecordBytes: Int = 1 << 20, hasHeader: Bool, pieceSizes: () -> Int
    ) -> [ReadRecord] {
        var reader = CSVReader(form, maximumRecordBytes: maximumRecordBytes, hasHeader: hasHeader)
        var batch = RecordBatch()
        var records: [ReadRecord] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + max(1, pieceSizes()), bytes.count)
            reader.read(bytes.span.extracting(start..<end), into: &batch)
            records += texts(of: &batch)
            start = end
        }
        reader.finish(into: &batch)
        return records + texts(of: &batch)
    }

    private static func texts(of batch: inout RecordBatch) -> [ReadRecord] {
        batch.records.map { record in
            let fields = record.fields.map { field in
                batch.unescape(field)
                return String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self)
            }
            return ReadRecord(
                line: record.line, fields: fields, fault: record.fault, raw: Array(batch.bytes[record.range]))
        }
    }
}
