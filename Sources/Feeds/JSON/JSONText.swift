/// Writes texts as JSON strings.
enum JSONText {
    /// Appends the UTF-8 text as a JSON string, including quotes.
    static func append(_ text: Span<UInt8>, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        text.withUnsafeBufferPointer { text in
            var start = 0
            for index in 0..<text.count {
                let byte = text[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                json.append(contentsOf: text[start..<index])
                appendEscape(byte, to: &json)
                start = index + 1
            }
            json.append(contentsOf: text[start...])
        }
        json.append(UInt8(ascii: "\""))
    }

    /// The text as a JSON string, including quotes.
    static func string(_ text: String) -> [UInt8] {
        var json: [UInt8] = []
        append(Array(text.utf8).span, to: &json)
        return json
    }

    /// Appends the content of a JSON string that `JSONObject.check` has passed, with its escapes replaced.
    static func appendUnescaped(_ escaped: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var index = escaped.startIndex
        func codeUnit(_ at: Int) -> UInt32 {
            UInt32(String(decoding: escaped[at + 2..<at + 6], as: UTF8.self), radix: 16) ?? 0xFFFD
        }
        while index < escaped.endIndex {
            guard escaped[index] == UInt8(ascii: "\\") else {
                text.append(escaped[index])
                index += 1
                continue
            }
            switch escaped[index + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = codeUnit(index)
                if scalar & 0xF800 == 0xD800 {
                    scalar = 0x10000 + ((scalar & 0x3FF) << 10 | (codeUnit(index + 6) & 0x3FF))
                    index += 6
                }
                text.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
                index += 4
            case let byte: text.append(byte)
            }
            index += 2
        }
    }

    private static func appendEscape(_ byte: UInt8, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): json.append(byte)
        case 0x0A: json.append(UInt8(ascii: "n"))
        case 0x0D: json.append(UInt8(ascii: "r"))
        case 0x09: json.append(UInt8(ascii: "t"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            json += Array("u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
