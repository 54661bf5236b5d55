/// Writes texts as JSON strings.
enum JSONText {
    /// Appends the UTF-8 text as a JSON string, quotes included.
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

    /// The text as a JSON string, quotes included.
    static func string(_ text: String) -> [UInt8] {
        var json: [UInt8] = []
        append(Array(text.utf8).span, to: &json)
        return json
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
