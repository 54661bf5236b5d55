package import NIOCore

/// Writes texts into lines of CSV.
package enum CSVText {
    /// Writes an empty text with quotes, to distinguish it from no value.
    package static func write(_ text: String, into buffer: inout ByteBuffer) {
        let isGuarded = SpreadsheetText.needsGuard(text)
        guard isGuarded || text.isEmpty || text.utf8.contains(where: needsQuotes) else {
            buffer.writeString(text)
            return
        }
        buffer.writeString(isGuarded ? "\"'" : "\"")
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { buffer.writeInteger(byte) }
            buffer.writeInteger(byte)
        }
        buffer.writeString("\"")
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0a, 0x0d: true
        default: false
        }
    }
}
