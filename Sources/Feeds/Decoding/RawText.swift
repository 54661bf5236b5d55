/// Bytes of a file as text, for dead letters and messages.
package enum RawText {
    /// Whether all bytes are ASCII and none is NUL.
    static func isPlainASCII(_ bytes: Span<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            let ones: UInt64 = 0x0101_0101_0101_0101
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                // Subtracting 1 from a byte sets its top bit when the byte is 0. A borrow from it affects only bytes
                // after such a one.
                guard (word | (word &- ones)) & (ones << 7) == 0 else { return false }
                index += 8
            }
            return bytes[index...].allSatisfy { $0 != 0 && $0 < 0x80 }
        }
    }

    package static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    }

    /// Text that preserves every byte: bytes that are not UTF-8, NUL, and a backslash in front of an `x` become `\xHH`.
    package static func lossless(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        var rest = bytes
        while let byte = rest.first {
            let length = scalarLength(rest)
            let isEscapeLike = byte == UInt8(ascii: "\\") && rest.dropFirst().first == UInt8(ascii: "x")
            if length == 0 || byte == 0 || isEscapeLike {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
                rest = rest.dropFirst()
            } else {
                text += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            }
        }
        return text
    }

    /// The bytes that were given to `lossless`: every `\xHH` becomes its byte again.
    static func original(_ text: String) -> [UInt8] {
        let text = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\"), index + 3 < text.count, text[index + 1] == UInt8(ascii: "x"),
                let byte = UInt8(String(decoding: text[(index + 2)...(index + 3)], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 4
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    /// A field's text in double quotes, cut after 80 bytes, for the detail of a rejection.
    static func quoted(_ bytes: Span<UInt8>) -> String {
        let bytes = bytes.withUnsafeBufferPointer { Array($0) }
        return bytes.count <= 80 ? "\"\(lossless(bytes[...]))\"" : "\"\(lossless(bytes.prefix(80)))...\""
    }

    /// The length of the UTF-8 character that the slice begins with; 0 when it is not UTF-8.
    private static func scalarLength(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        return String(validating: bytes.prefix(length), as: UTF8.self) == nil ? 0 : length
    }
}
