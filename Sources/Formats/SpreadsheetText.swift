/// Finds texts that a spreadsheet would change.
///
/// A program that opens CSV may take a text that begins with `=`, `+`, `-` or `@` for a formula, also in their wide and
/// small forms, and some programs skip invisible characters in front of it.
enum SpreadsheetText {
    /// Whether the text needs an apostrophe in front, because it would be taken for a formula or begins with an
    /// apostrophe. So a reader always gets the original by removing the first apostrophe.
    static func needsGuard(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        // Most texts begin with a letter or a digit.
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return false
        case UInt8(ascii: "'"), 0x09, 0x0a, 0x0d: return true
        default: return text.unicodeScalars.first { !isSkipped($0) }.map(beginsFormula) ?? false
        }
    }

    /// White space and invisible characters.
    private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .unassigned, .privateUse: return true
        default: return false
        }
    }

    /// The four characters, and those that become one of them when a program normalizes text (Unicode NFKC).
    private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@": true
        case "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}": true
        case "\u{fe66}", "\u{fe62}", "\u{fe63}", "\u{fe6b}": true
        case "\u{207c}", "\u{207a}", "\u{207b}", "\u{208c}", "\u{208a}", "\u{208b}": true
        // The minus sign, hyphens, and the small and wide characters that look like an equals sign.
        case "\u{2212}", "\u{2010}", "\u{2011}", "\u{2a75}", "\u{2a76}", "\u{fb29}": true
        default: false
        }
    }
}
