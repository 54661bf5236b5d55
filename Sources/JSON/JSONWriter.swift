package import NIOCore

/// Writes JSON (RFC 8259) step by step. Numbers read back as the same value.
package struct JSONWriter {
    package private(set) var buffer = ByteBuffer()
    /// Whether the next value follows another one in the current array or object.
    private var needsComma = false

    package init() {}

    package mutating func object(_ fields: (inout Self) -> Void) {
        enclosed("{", "}", fields)
    }

    package mutating func array<Elements: Sequence>(
        of elements: Elements, _ write: (inout Self, Elements.Element) -> Void
    ) {
        enclosed("[", "]") { json in
            for element in elements { write(&json, element) }
        }
    }

    package mutating func value(_ text: String) {
        separate()
        quoted(text)
    }

    package mutating func value(_ number: Int) {
        raw(String(number))
    }

    /// Writes a number; `null` when it is not finite, which JSON cannot express.
    package mutating func value(_ number: Double) {
        // Swift's description is the shortest text that reads back as the same number.
        raw(number.isFinite ? String(describing: number) : "null")
    }

    package mutating func value(_ truth: Bool) {
        raw(truth ? "true" : "false")
    }

    package mutating func null() {
        raw("null")
    }

    /// Writes a value that is JSON text already.
    package mutating func raw(_ json: String) {
        separate()
        buffer.writeString(json)
    }

    package mutating func name(_ name: String) {
        separate()
        quoted(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func enclosed(_ open: String, _ close: String, _ body: (inout Self) -> Void) {
        separate()
        buffer.writeString(open)
        needsComma = false
        body(&self)
        buffer.writeString(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        if text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in text.utf8 { escaped(byte) }
        } else {
            buffer.writeString(text)
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeString("\\\\")
        case 0x0a: buffer.writeString("\\n")
        case 0..<0x20: buffer.writeString((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16))
        default: buffer.writeInteger(byte)
        }
    }
}
