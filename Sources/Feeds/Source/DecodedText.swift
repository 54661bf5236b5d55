/// Text in any encoding as UTF-8.
///
/// Half a surrogate pair in UTF-16 becomes the three bytes that UTF-8 would use for it, which are not valid UTF-8. So
/// its line is rejected and not changed silently.
final class DecodedText: ByteStream {
    private let source: any ByteStream
    /// The encoding; nil until the bytes show it.
    private(set) var encoding: TextEncoding?
    /// Some text around the first character beyond ASCII, if the encoding was guessed by it.
    private(set) var guessedFrom: String?
    private var iconv: Iconv?
    private var isAtStart = true
    /// The first byte of a UTF-16 unit whose second byte is in the next block.
    private var half: UInt8?
    /// The first half of a surrogate pair whose second half is in the next block.
    private var highSurrogate: UInt16?

    /// - Parameter encoding: The encoding that the mapping states; nil to find it out.
    init(_ source: any ByteStream, encoding: TextEncoding?) {
        self.source = source
        self.encoding = encoding
    }

    func next() throws(FeedError) -> [UInt8]? {
        while let piece = try source.next() {
            let text = decode(piece)
            if !text.isEmpty { return text }
        }
        let rest = flush()
        return rest.isEmpty ? nil : rest
    }

    private func decode(_ piece: [UInt8]) -> [UInt8] {
        if isAtStart, encoding == nil { encoding = TextEncoding.sniffed(piece[...]) }
        isAtStart = false
        if encoding == nil, !Self.isASCII(piece) {
            encoding = TextEncoding.ofEightBits(piece)
            if encoding != .utf8 { guessedFrom = Self.textAroundFirst(of: piece, as: encoding) }
        }
        switch encoding {
        case nil, .utf8: return piece
        case .utf16LittleEndian: return decodeUTF16(piece, isLittleEndian: true)
        case .utf16BigEndian: return decodeUTF16(piece, isLittleEndian: false)
        case .cp1252, .latin1: return Self.decodeWhole(piece, as: encoding)
        case .other(let name):
            if iconv == nil { iconv = Iconv(from: name) }
            return iconv?.convert(piece) ?? piece
        }
    }

    /// A whole text in an encoding that ASCII is a part of as UTF-8; unchanged in UTF-8 and UTF-16.
    static func decodeWhole(_ bytes: [UInt8], as encoding: TextEncoding?) -> [UInt8] {
        switch encoding {
        case .cp1252: return decodeBytes(bytes) { $0 & 0xE0 == 0x80 ? Self.cp1252[Int($0 & 0x1F)] : UInt16($0) }
        case .latin1: return decodeBytes(bytes) { UInt16($0) }
        case .other(let name):
            guard let iconv = Iconv(from: name) else { return bytes }
            return iconv.convert(bytes) + iconv.finish()
        case nil, .utf8, .utf16LittleEndian, .utf16BigEndian: return bytes
        }
    }

    /// Some text around the first byte beyond ASCII, on its line.
    private static func textAroundFirst(of bytes: [UInt8], as encoding: TextEncoding?) -> String {
        let place = bytes.firstIndex { $0 >= 0x80 } ?? 0
        let start = bytes[max(0, place - 20)..<place].lastIndex { $0 < 0x20 }.map { $0 + 1 } ?? max(0, place - 20)
        let end = bytes[place..<min(bytes.count, place + 20)].firstIndex { $0 < 0x20 } ?? min(bytes.count, place + 20)
        return String(decoding: decodeWhole(Array(bytes[start..<end]), as: encoding), as: UTF8.self)
    }

    private func decodeUTF16(_ piece: [UInt8], isLittleEndian: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.count)
        for byte in piece {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = isLittleEndian ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
            append(unit, to: &text)
        }
        return text
    }

    @inline(__always)
    private func append(_ unit: UInt16, to text: inout [UInt8]) {
        if let high = highSurrogate {
            highSurrogate = nil
            if unit & 0xFC00 == 0xDC00 {
                let scalar = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF))
                for shift in [18, 12, 6, 0] as [UInt32] {
                    text.append(shift == 18 ? 0xF0 | UInt8(scalar >> 18) : 0x80 | UInt8(scalar >> shift & 0x3F))
                }
                return
            }
            Self.append(high, to: &text)
        }
        if unit & 0xFC00 == 0xD800 { highSurrogate = unit } else { Self.append(unit, to: &text) }
    }

    /// The rest at the end: half a unit as its byte, half a pair as described above.
    private func flush() -> [UInt8] {
        var rest = iconv?.finish() ?? []
        if let high = highSurrogate { Self.append(high, to: &rest) }
        if let half { rest.append(half) }
        (highSurrogate, half) = (nil, nil)
        return rest
    }

    private static func decodeBytes(_ piece: [UInt8], _ unit: (UInt8) -> UInt16) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.count + piece.count / 8)
        for byte in piece {
            if byte < 0x80 { text.append(byte) } else { append(unit(byte), to: &text) }
        }
        return text
    }

    @inline(__always)
    private static func append(_ unit: UInt16, to text: inout [UInt8]) {
        if unit < 0x80 {
            text.append(UInt8(unit))
        } else if unit < 0x800 {
            text.append(0xC0 | UInt8(unit >> 6))
            text.append(0x80 | UInt8(unit & 0x3F))
        } else {
            text.append(0xE0 | UInt8(unit >> 12))
            text.append(0x80 | UInt8(unit >> 6 & 0x3F))
            text.append(0x80 | UInt8(unit & 0x3F))
        }
    }

    static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard word & 0x8080_8080_8080_8080 == 0 else { return false }
                index += 8
            }
            return bytes[index...].allSatisfy { $0 < 0x80 }
        }
    }

    /// The characters of 0x80 to 0x9F (unicode.org, CP1252.TXT). The five unassigned ones are the control characters.
    private static let cp1252: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
