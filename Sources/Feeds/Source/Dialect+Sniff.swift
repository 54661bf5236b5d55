extension Dialect {
    /// This dialect for delimited text, with the delimiter detected from its first bytes if it is not stated.
    func delimited(by text: [UInt8]) -> Dialect {
        var dialect = self
        dialect.format = .csv
        dialect.delimiter = delimiter ?? Self.delimiter(of: text, layout)
        return dialect
    }

    /// The delimiter that occurs most often in the header line, outside quotes; a comma when there is none.
    static func delimiter(of text: [UInt8], _ layout: FileLayout) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        var isBlank = true
        var isComment = false
        for byte in text.prefix(1 << 16) {
            if byte == layout.quote, !isComment { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if isBlank || isComment {
                    (isBlank, isComment) = (true, false)
                    continue
                }
                break
            }
            if isBlank, byte == layout.comment { isComment = true }
            isBlank = false
            if !isComment, let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }
}
