/// Names of offsets that texts have after a time, such as EST.
struct ZoneNames: Sendable {
    /// The offsets in seconds east of UTC, by the upper-case letters of their names.
    private var offsets: [UInt64: Int] = [:]

    private static let longest = 8

    /// The names of RFC 5322, and others that mean one offset wherever they are used. IST, BST and AST do not: a
    /// mapping has to state them.
    static let common: ZoneNames = {
        var names = ZoneNames()
        let hours: [(String, Double)] = [
            ("Z", 0), ("UT", 0), ("UTC", 0), ("GMT", 0), ("WET", 0), ("EST", -5), ("EDT", -4), ("CST", -6),
            ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7), ("AKST", -9), ("AKDT", -8), ("HST", -10),
            ("NST", -3.5), ("NDT", -2.5), ("WEST", 1), ("CET", 1), ("CEST", 2), ("MEZ", 1), ("MESZ", 2), ("EET", 2),
            ("EEST", 3), ("MSK", 3), ("SAST", 2), ("JST", 9), ("KST", 9), ("HKT", 8), ("AWST", 8), ("ACST", 9.5),
            ("ACDT", 10.5), ("AEST", 10), ("AEDT", 11), ("NZST", 12), ("NZDT", 13),
        ]
        for (name, hour) in hours { _ = names.set(name, Int(hour * 3600)) }
        return names
    }()

    /// Gives a name an offset in seconds east of UTC; false when it is not 1 to 8 letters of ASCII.
    mutating func set(_ name: String, _ offset: Int) -> Bool {
        let letters = Array(name.utf8)
        guard (1...Self.longest).contains(letters.count), letters.allSatisfy(Glyph.isLetter) else { return false }
        offsets[Self.key(letters.span, 0..<letters.count)] = offset
        return true
    }

    /// Parses a name, `GMT`, `UTC` or `UT` with an offset behind, or an offset alone; the seconds east of UTC.
    func offset(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        let start = index
        while index < text.count, index - start <= Self.longest, Glyph.isLetter(text[index]) { index += 1 }
        guard index > start else { return TimeScanner.offset(text, &index) }
        guard index - start <= Self.longest, let offset = offsets[Self.key(text, start..<index)] else { return nil }
        var end = index
        if offset == 0, index - start > 1, let more = TimeScanner.looseOffset(text, &end) {
            index = end
            return more
        }
        return offset
    }

    private static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        range.reduce(0) { $0 << 8 | UInt64(text[$1] & 0xDF) }
    }
}
