/// A record batch: the records that one block of input completed, with the bytes they lie in.
///
/// Readers of other formats than delimited text fill one too, with fields that are not escaped.
///
/// The next read reuses the arrays.
package struct RecordBatch: Sendable {
    /// The input, followed by the text of the fields unescaped so far.
    package var bytes: [UInt8] = []
    package var fields: [CSVField] = []
    package var records: [CSVRecord] = []
    /// The quote and the escape of the text that the batch was read from.
    var quote: UInt8? = .quote
    var escape: UInt8?

    package init() {}

    /// Replaces the field by its proper text: doubled quotes become single, and an escape leaves the byte after it.
    ///
    /// The text is appended to `bytes`, so the record's own bytes stay as they were read. Fields that are not escaped
    /// are not changed.
    package mutating func unescape(_ field: Int) {
        guard fields[field].isEscaped else { return }
        let start = bytes.count
        var index = fields[field].range.lowerBound
        let end = fields[field].range.upperBound
        // A field that is not quoted begins after a delimiter or a line end, or with the bytes.
        let isQuoted = index > 0 && bytes[index - 1] == quote
        while index < end {
            let isDoubled = isQuoted && bytes[index] == quote && index + 1 < end && bytes[index + 1] == quote
            if isDoubled || bytes[index] == escape && index + 1 < end { index += 1 }
            bytes.append(bytes[index])
            index += 1
        }
        fields[field] = CSVField(start..<bytes.count, isEscaped: false)
    }

    /// Appends a copy of a record with further fields, which are blank.
    ///
    /// - Parameter count: The number of fields that it has then.
    package mutating func padded(_ record: CSVRecord, to count: Int) -> CSVRecord {
        let first = fields.count
        for field in record.fields { fields.append(fields[field]) }
        while fields.count < first + count { fields.append(CSVField(0..<0, isEscaped: false)) }
        return CSVRecord(line: record.line, range: record.range, fields: first..<fields.count, fault: record.fault)
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }
}
