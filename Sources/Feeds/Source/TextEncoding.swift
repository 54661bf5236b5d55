import Glibc

/// How a file's characters are written as bytes.
package enum TextEncoding: Sendable, Equatable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    /// Windows code page 1252.
    case cp1252
    /// ISO 8859-1.
    case latin1
    /// Any other that iconv knows, by iconv's name.
    case other(String)

    /// Some names for messages.
    static let examples =
        "known are utf-8, utf-16le, utf-16be, cp1252, latin-1 and the names that iconv -l lists, such as cp1251 and "
        + "shift_jis"

    /// The encodings that have a decoder of their own, and names that mean more in practice than iconv takes them for:
    /// the supersets of Windows are what files are written in (as in the WHATWG Encoding Standard).
    private static let names: [String: TextEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "utf-8-sig": .utf8, "utf-16le": .utf16LittleEndian,
        "utf16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian, "utf16be": .utf16BigEndian, "cp1252": .cp1252,
        "windows-1252": .cp1252, "latin-1": .latin1, "latin1": .latin1, "iso-8859-1": .latin1, "iso8859-1": .latin1,
        "sjis": .other("CP932"), "shift_jis": .other("CP932"), "shift-jis": .other("CP932"),
        "gb2312": .other("GB18030"), "gbk": .other("GB18030"), "euc-kr": .other("CP949"),
        "mac-roman": .other("MACINTOSH"), "macroman": .other("MACINTOSH"),
    ]

    /// The encoding with a name, in any case; nil when iconv does not know it either.
    init?(_ name: String) {
        if let known = Self.names[name.lowercased()] {
            self = known
            return
        }
        // A slash would add instructions, such as to leave characters out.
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte &- UInt8(ascii: "0") < 10
                || "-_.:+()".utf8.contains(byte)
        }
        guard !name.isEmpty, isName, Iconv(from: name.uppercased()) != nil else { return nil }
        self = .other(name.uppercased())
    }

    /// The name as a mapping writes it.
    package var name: String {
        switch self {
        case .utf8: "utf-8"
        case .utf16LittleEndian: "utf-16le"
        case .utf16BigEndian: "utf-16be"
        case .cp1252: "cp1252"
        case .latin1: "latin-1"
        case .other(let name): name.lowercased()
        }
    }

    /// The encoding that the first bytes of a file show: by a byte order mark, or by the zeros of ASCII text in UTF-16.
    ///
    /// - Returns: nil when the bytes may be in any encoding in which ASCII takes one byte per character.
    static func sniffed(_ start: ArraySlice<UInt8>) -> TextEncoding? {
        if start.starts(with: [0xFF, 0xFE, 0, 0]) { return .other("UTF-32LE") }
        if start.starts(with: [0, 0, 0xFE, 0xFF]) { return .other("UTF-32BE") }
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

/// Converts text to UTF-8 by iconv, block by block.
///
/// A byte that does not belong to the encoding is handed on as it is. As long as it is not ASCII, it is not UTF-8
/// either, so its line is rejected and not changed silently.
final class Iconv {
    private let state: iconv_t
    /// The first bytes of a character whose other bytes are in the next block.
    private var rest: [UInt8] = []

    /// - Parameter name: The name of the encoding.
    /// - Returns: nil when iconv does not know it.
    init?(from name: String) {
        // According to iconv_open(3), an unknown encoding gives the pointer -1.
        guard let state = iconv_open("UTF-8", name), Int(bitPattern: state) != -1 else { return nil }
        self.state = state
    }

    deinit { iconv_close(state) }

    func convert(_ piece: [UInt8]) -> [UInt8] {
        var input = rest + piece
        var text: [UInt8] = []
        text.reserveCapacity(input.count + input.count / 2)
        var index = 0
        var isIncomplete = false
        while index < input.count, !isIncomplete {
            let room = 1 << 16
            var problem: Int32 = 0
            let produced = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                input.withUnsafeMutableBytes { input in
                    var from = input.baseAddress?.advanced(by: index).assumingMemoryBound(to: CChar.self)
                    var fromLeft = input.count - index
                    var to = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                    var toLeft = room
                    if iconv(state, &from, &fromLeft, &to, &toLeft) == Int(bitPattern: UInt.max) { problem = errno }
                    index = input.count - fromLeft
                    initialized = room - toLeft
                }
            }
            text += produced
            switch problem {
            case EILSEQ:
                text.append(input[index])
                index += 1
            case EINVAL: isIncomplete = true
            default: break
            }
        }
        rest = Array(input[index...])
        return text
    }

    /// Returns what is left at the end: the bytes of a character that is cut off.
    func finish() -> [UInt8] {
        defer { rest = [] }
        return rest
    }
}
