import NIOCore

/// Writes CSV (RFC 4180) with a header line, in UTF-8.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front (``SpreadsheetText``). So does one
/// that begins with an apostrophe, so the original is always the text without the first apostrophe. Numbers are not
/// changed, not even negative ones.
struct CSVWriter: FeatureWriter {
    let properties: [FeatureProperty]
    let columns: [Int]

    func begin(into buffer: inout ByteBuffer) {
        buffer.writeString(properties.map(\.name).joined(separator: ","))
        buffer.writeString("\r\n")
    }

    func write(_ feature: Feature, into buffer: inout ByteBuffer) {
        for (number, column) in columns.enumerated() {
            if number > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            switch feature.values[column] {
            case .text(let text): Self.write(text, into: &buffer)
            // A number in its digits is no text, and a minus sign before it no formula.
            case .json(let json) where Self.isNumber(json): buffer.writeString(json)
            case .json(let json): Self.write(json, into: &buffer)
            case .integer(let number): buffer.writeString(String(number))
            case .number(let number): if number.isFinite { buffer.writeString(String(describing: number)) }
            case .truth(let truth): buffer.writeString(truth ? "true" : "false")
            case .null: break
            }
        }
        buffer.writeString("\r\n")
    }

    /// Whether JSON is a number.
    private static func isNumber(_ json: String) -> Bool {
        json.utf8.first.map { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    /// Writes an empty text with quotes, to distinguish it from no value.
    private static func write(_ text: String, into buffer: inout ByteBuffer) {
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
