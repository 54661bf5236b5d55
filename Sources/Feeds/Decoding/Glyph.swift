/// A character of a number, an angle or a time: those that people and programs write for the ASCII ones count as these.
enum Glyph: Equatable {
    case ascii(UInt8)
    /// White space beyond ASCII, or a character without width, such as the zero-width space.
    case blank
    /// A minus sign, hyphen or en dash beyond ASCII.
    case minus
    case degree
    /// A prime, or an apostrophe beyond ASCII.
    case prime
    case doublePrime
    case other

    /// Reads the character at `index`, which must be inside the text, and moves behind it.
    static func next(_ text: Span<UInt8>, _ index: inout Int) -> Glyph {
        let first = text[index]
        index += 1
        guard first >= 0x80 else { return .ascii(first) }
        var scalar = UInt32(first & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F))
        while index < text.count, text[index] & 0xC0 == 0x80 {
            scalar = scalar << 6 | UInt32(text[index] & 0x3F)
            index += 1
        }
        return Glyph(scalar)
    }

    /// - Parameter scalar: The number of a character beyond ASCII.
    private init(_ scalar: UInt32) {
        switch scalar {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x200E...0x200F, 0x2028...0x202F, 0x205F...0x2060, 0x2066...0x2069,
            0x3000, 0xFEFF:
            self = .blank
        case 0x2010...0x2013, 0x2212, 0xFE63, 0xFF0D: self = .minus
        case 0xB0, 0xBA, 0x2DA: self = .degree
        case 0xB4, 0x2018...0x2019, 0x2BC, 0x2032: self = .prime
        case 0x201C...0x201D, 0x2033: self = .doublePrime
        default: self = .other
        }
    }

    /// Whether the character is white space or has no width.
    var isBlank: Bool {
        switch self {
        case .ascii(let byte): Self.isBlank(byte)
        case .blank: true
        default: false
        }
    }

    /// Whether the byte is white space of ASCII.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte &- 9 < 5 }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}

extension Glyph {
    /// The range without white space and characters without width at its ends.
    ///
    /// - Parameter isTrimmed: Whether a character is removed.
    static func trimmed(
        _ bytes: [UInt8], _ range: Range<Int>, _ isTrimmed: (Glyph) -> Bool = { $0.isBlank }
    ) -> Range<Int> {
        let text = bytes.span.extracting(range)
        var start = 0
        while start < text.count {
            var next = start
            guard isTrimmed(Self.next(text, &next)) else { break }
            start = next
        }
        var end = text.count
        while end > start {
            var last = end - 1
            while last > start, text[last] & 0xC0 == 0x80 { last -= 1 }
            var next = last
            guard isTrimmed(Self.next(text, &next)), next == end else { break }
            end = last
        }
        return range.lowerBound + start..<range.lowerBound + end
    }

    /// The text without white space and characters without width at its ends.
    static func trimmed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: bytes[trimmed(bytes, 0..<bytes.count)], as: UTF8.self)
    }

    /// The text with each white space beyond ASCII as a space and without characters of no width; nil when it has none.
    static func withPlainBlanks(_ text: Span<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = []
        var hasBlank = false
        var index = 0
        while index < text.count {
            let start = index
            if Self.next(text, &index) == .blank {
                hasBlank = true
                if !isWithoutWidth(text, start) { plain.append(UInt8(ascii: " ")) }
            } else {
                for place in start..<index { plain.append(text[place]) }
            }
        }
        return hasBlank ? plain : nil
    }

    /// Whether the blank at `index` has no width: the zero-width space, marks of direction, the word joiner and the
    /// byte order mark.
    private static func isWithoutWidth(_ text: Span<UInt8>, _ index: Int) -> Bool {
        guard index + 2 < text.count else { return false }
        switch (text[index], text[index + 1], text[index + 2]) {
        case (0xE2, 0x80, 0x8B), (0xE2, 0x80, 0x8E...0x8F), (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA0),
            (0xE2, 0x81, 0xA6...0xA9), (0xEF, 0xBB, 0xBF):
            return true
        default: return false
        }
    }
}
