extension Dialect {
    /// This dialect, with the missing parts detected from the first block of the file's text.
    func completed(by text: [UInt8]) -> Dialect {
        var dialect = self
        dialect.format = format ?? Self.format(of: text)
        if dialect.format == .csv { dialect.delimiter = delimiter ?? Self.delimiter(of: text) }
        return dialect
    }

    private static func format(of text: [UInt8]) -> Format {
        let mark = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let start = JSONDocumentStart.skipSpace(text, mark)
        guard start < text.count, text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "[") else {
            return .csv
        }
        if case .found = JSONDocumentStart(text) { return .json }
        return .ndjson
    }

    /// The delimiter that occurs most often in the header line, outside quotes; a comma when there is none.
    private static func delimiter(of text: [UInt8]) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        var isBlank = true
        for byte in text.prefix(1 << 16) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if isBlank { continue }
                break
            }
            isBlank = false
            if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }
}
