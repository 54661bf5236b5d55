/// Entity tags and the conditions over them (RFC 9110, 8.8.3 and 13.1.2).
enum EntityTag {
    /// Whether a copy that the client has under one of the tags of `If-None-Match` is the one it would get.
    ///
    /// The comparison is the weak one, as that header demands.
    /// - Parameter tag: With its quotes, strong.
    static func isKnown(_ tag: String, ifNoneMatch header: String?) -> Bool {
        guard let header else { return false }
        var rest = Substring(header)
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            if rest.hasPrefix("W/") { rest.removeFirst(2) }
            guard let first = rest.first else { return false }
            // A star stands alone.
            guard first == "\"" else { return rest == "*" || rest.hasPrefix("* ") }
            guard let end = rest.dropFirst().firstIndex(of: "\"") else { return false }
            if rest[...end] == tag { return true }
            rest = rest[rest.index(after: end)...]
        }
    }
}
