/// URLs that are shown as links or loaded by browsers.
package enum WebURL {
    private static let longest = 2000
    package static let rule =
        "must be a URL that begins with http:// or https:// and a host, without blanks and of at most 2000 bytes"

    /// Whether the text follows ``rule``: nothing that a browser would run, and nothing that ends an attribute.
    package static func isLink(_ text: String) -> Bool {
        let lower = text.prefix(8).lowercased()
        guard text.utf8.count <= longest, let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else {
            return false
        }
        // Only visible ASCII characters that RFC 3986 allows; others have to be percent-encoded.
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }
        guard isPlain else { return false }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        // A name and password in front of the host are used to disguise it.
        return !authority.isEmpty && !authority.contains("@") && !authority.hasPrefix(":")
    }
}
