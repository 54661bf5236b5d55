/// Makes text from clients safe for answers, the log and the audit log: bounded in length, and without characters that
/// change the display of other text.
package enum ShownText {
    /// - Parameter longest: The number of UTF-8 bytes after which the text is cut and ends in an ellipsis.
    package static func of(_ text: String, upTo longest: Int) -> String {
        if text.utf8.count <= longest, text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var shown = ""
        var bytes = 0
        for scalar in text.unicodeScalars {
            let next = isHarmless(scalar) ? scalar : "\u{fffd}"
            bytes += UTF8.width(next)
            guard bytes <= longest else { return shown + "…" }
            shown.unicodeScalars.append(next)
        }
        return shown
    }

    /// Whether a character is not a control character, ends no line, does not change the text direction, and has a
    /// width.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
