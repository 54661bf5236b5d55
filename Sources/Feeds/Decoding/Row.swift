import CSV

/// The fields of one record, all of them unescaped.
struct Row {
    let bytes: [UInt8]
    let fields: [CSVField]
    let firstField: Int

    /// The range in `bytes` of the column's text, without spaces, tabs, other blanks and characters without width
    /// around it. Line ends stay: a text may end with one.
    func text(_ column: Int) -> Range<Int> {
        let field = fields[firstField + column].range
        var start = field.lowerBound
        var end = field.upperBound
        while start < end, isSpace(bytes[start]) { start += 1 }
        while start < end, isSpace(bytes[end - 1]) { end -= 1 }
        // Only a character beyond ASCII can be another blank.
        guard start < end, (bytes[start] | bytes[end - 1]) >= 0x80 else { return start..<end }
        return Glyph.trimmed(bytes, start..<end) { $0 == .blank || $0 == .ascii(0x20) || $0 == .ascii(0x09) }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
