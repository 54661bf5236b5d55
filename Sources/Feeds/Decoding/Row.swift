import CSV

/// The fields of one record, all of them unescaped.
struct Row {
    let bytes: [UInt8]
    let fields: [CSVField]
    let firstField: Int

    /// The range in `bytes` of the column's text, without spaces and tabs around it.
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
