/// Text of strangers as answers, the log and the audit log show it: of bounded length, and without characters that move
/// what stands beside them.
enum ShownText {
    /// - Parameter longest: Bytes of UTF-8 after which it is cut, which an ellipsis tells.
    static func of(_ text: String, upTo longest: Int) -> String {
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

    /// Neither a control character, nor one that ends a line, turns the direction of text, or has no width.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
