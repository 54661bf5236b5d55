import CSV

/// The fields of one record, none of them escaped any more.
struct Row {
    let bytes: [UInt8]
    let fields: [CSVField]
    let firstField: Int

    /// Where the column's text lies in `bytes`, without spaces and tabs around it.
    func text(_ column: Int) -> Range<Int> {
        let field = fields[firstField + column].range
        var start = field.lowerBound
        var end = field.upperBound
        while start < end, isSpace(bytes[start]) { start += 1 }
        while start < end, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
