/// How a file's characters are written as bytes.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// Windows code page 1252.
    case cp1252
    /// ISO 8859-1.
    case latin1 = "latin-1"

    /// The encoding that the first bytes of a file show: by a byte order mark, or by the zeros of ASCII text in UTF-16.
    ///
    /// - Returns: nil when the bytes may be in any encoding in which ASCII takes one byte per character.
    static func sniffed(_ start: ArraySlice<UInt8>) -> TextEncoding? {
        if start.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if start.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        let sample = Array(start.prefix(256))
        let pairs = sample.count / 2
        let evenZeros = (0..<pairs).count { sample[2 * $0] == 0 }
        let oddZeros = (0..<pairs).count { sample[2 * $0 + 1] == 0 }
        // A header line is nearly all ASCII; a stray NUL byte in other text makes no such pattern.
        if pairs > 1, oddZeros * 10 >= pairs * 7, evenZeros == 0 { return .utf16LittleEndian }
        if pairs > 1, evenZeros * 10 >= pairs * 7, oddZeros == 0 { return .utf16BigEndian }
        return nil
    }

    /// UTF-8 or CP1252, by the first bytes beyond ASCII: CP1252 when none of them form a character in UTF-8.
    ///
    /// Text with both is damaged UTF-8, whose bad lines become dead letters.
    static func ofEightBits(_ bytes: [UInt8]) -> TextEncoding {
        var index = 0
        var hasBad = false
        while index < bytes.count {
            let byte = bytes[index]
            guard byte >= 0x80 else {
                index += 1
                continue
            }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            guard index + length <= bytes.count else { break }
            if length > 1, String(validating: bytes[index..<index + length], as: UTF8.self) != nil { return .utf8 }
            hasBad = true
            index += 1
        }
        return hasBad ? .cp1252 : .utf8
    }
}
