/// An encoding with one byte a character, or UTF-8, as .dbf files and XML state it.
struct CodePage: Equatable {
    /// The name, such as `utf-8` or `cp1252`.
    let name: String
    /// The characters 0x80 to 0xFF; nil for UTF-8.
    let characters: [UInt16]?

    /// Bytes that are UTF-8 are read so, and others as Windows-1252: what is done where no file states an encoding.
    static let unstated = CodePage(name: "unstated", characters: CodePageTable.characters(of: "cp1252"))
    static let utf8 = CodePage(name: "utf-8", characters: nil)

    private init(name: String, characters: [UInt16]?) {
        self.name = name
        self.characters = characters
    }

    /// The encoding that a .cpg file names, such as `UTF-8`, `1252`, `ISO 8859-1`, `88591` or `ANSI 1251`; nil for an
    /// unknown one.
    init?(named text: String) {
        var word = text.lowercased().filter { $0.isLetter || $0.isNumber }
        for prefix in ["windows", "ansi", "oem", "ibm", "cp", "dos"] where word.hasPrefix(prefix) {
            word.removeFirst(prefix.count)
        }
        switch word {
        case "utf8", "65001":
            self = .utf8
        // Latin-1 is read as Windows-1252, as the web does: what it has instead of control characters was meant.
        case "iso88591", "88591", "latin1", "iso8859", "28591", "", "usascii", "ascii":
            self.init(page: "cp1252")
        default:
            let digits = word.hasPrefix("iso8859") ? word.dropFirst(7) : word.hasPrefix("8859") ? word.dropFirst(4) : ""
            self.init(page: digits.isEmpty ? "cp\(word)" : "iso-8859-\(digits)")
        }
    }

    /// The encoding of a language driver, the byte at 29 of a .dbf file; nil for 0 and unknown ones.
    init?(languageDriver: UInt8) {
        guard let page = Self.languageDrivers[languageDriver] else { return nil }
        self.init(page: "cp\(page)")
    }

    private init?(page: String) {
        guard let characters = CodePageTable.characters(of: page) else { return nil }
        self.init(name: page, characters: characters)
    }

    /// Numbers of ESRI and of Visual FoxPro's documentation ("Code Pages Supported by Visual FoxPro").
    private static let languageDrivers: [UInt8: Int] = [
        0x01: 437, 0x02: 850, 0x03: 1252, 0x08: 865, 0x09: 437, 0x0A: 850, 0x0B: 437, 0x0D: 437, 0x0E: 850, 0x0F: 437,
        0x10: 850, 0x11: 437, 0x12: 850, 0x14: 850, 0x15: 437, 0x16: 850, 0x17: 865, 0x18: 437, 0x19: 437, 0x1A: 850,
        0x1B: 437, 0x1C: 863, 0x1D: 850, 0x1F: 852, 0x22: 852, 0x23: 852, 0x24: 860, 0x25: 850, 0x26: 866, 0x37: 850,
        0x40: 852, 0x50: 874, 0x57: 1252, 0x58: 1252, 0x59: 1252, 0x64: 852, 0x65: 866, 0x66: 865, 0x67: 861,
        0x6B: 857, 0x6C: 863, 0x7C: 874, 0x7D: 1255, 0x7E: 1256, 0x87: 852, 0x88: 857, 0xC8: 1250, 0xC9: 1251,
        0xCA: 1254, 0xCB: 1253, 0xCC: 1257,
    ]

    /// The text of some bytes, and whether all of them were characters of the encoding.
    func text(_ bytes: ArraySlice<UInt8>) -> (text: String, isWhole: Bool) {
        if characters == nil || self == .unstated, let text = String(validating: bytes, as: UTF8.self) {
            return (text, true)
        }
        guard let characters else { return (String(decoding: bytes, as: UTF8.self), false) }
        var isWhole = true
        var text = ""
        for byte in bytes {
            let unit = byte < 0x80 ? UInt16(byte) : characters[Int(byte) - 0x80]
            if unit == 0xFFFD { isWhole = false }
            text.unicodeScalars.append(Unicode.Scalar(unit) ?? "\u{FFFD}")
        }
        return (text, isWhole)
    }
}
