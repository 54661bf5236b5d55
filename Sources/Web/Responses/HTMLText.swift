import NIOCore

/// Text escaped for HTML, in an element or in a quoted attribute.
package enum HTMLText {
    package static func escaped(_ text: String) -> String {
        var buffer = ByteBuffer()
        buffer.writeHTML(text)
        return String(buffer: buffer)
    }
}

extension ByteBuffer {
    /// Writes text and escapes the characters that have a meaning in HTML.
    package mutating func writeHTML(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): writeString("&lt;")
            case UInt8(ascii: ">"): writeString("&gt;")
            case UInt8(ascii: "&"): writeString("&amp;")
            case UInt8(ascii: "\""): writeString("&quot;")
            case UInt8(ascii: "'"): writeString("&#39;")
            default: writeInteger(byte)
            }
        }
    }
}
