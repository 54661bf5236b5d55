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

    package init() {}

    /// Replaces the field by its proper text: doubled quotes become single, and what follows a closing quote is kept.
    ///
    /// The text is appended to `bytes`, so the record's own bytes stay as they were read. Fields that are not escaped
    /// are not changed.
    package mutating func unescape(_ field: Int) {
        guard fields[field].isEscaped else { return }
        let start = bytes.count
        var index = fields[field].range.lowerBound
        let end = fields[field].range.upperBound
        while index < end {
            if bytes[index] == .quote {
                index += 1
                guard index < end, bytes[index] == .quote else { break }
            }
            bytes.append(bytes[index])
            index += 1
        }
        while index < end {
            bytes.append(bytes[index])
            index += 1
        }
        fields[field] = CSVField(start..<bytes.count, isEscaped: false)
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }
}
