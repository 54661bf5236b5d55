/// Entity tags and conditional requests (RFC 9110, 8.8.3 and 13.1.2).
package enum EntityTag {
    /// Whether one of the tags in `If-None-Match` is the tag of the answer.
    ///
    /// The comparison is the weak one, as that header requires.
    /// - Parameter tag: A strong tag with its quotes.
    package static func isKnown(_ tag: String, ifNoneMatch header: String?) -> Bool {
        guard let header else { return false }
        var rest = Substring(header)
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            if rest.hasPrefix("W/") { rest.removeFirst(2) }
            guard let first = rest.first else { return false }
            // A star must stand alone.
            guard first == "\"" else { return rest == "*" || rest.hasPrefix("* ") }
            guard let end = rest.dropFirst().firstIndex(of: "\"") else { return false }
            if rest[...end] == tag { return true }
            rest = rest[rest.index(after: end)...]
        }
    }
}
