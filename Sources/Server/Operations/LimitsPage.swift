import HTTPTypes

/// The page on what the figures cannot tell (docs/limits.md), which answers with figures name.
enum LimitsPage {
    /// - Parameter origin: The beginning of the server's URLs.
    static func url(_ origin: String) -> String { "\(origin)/limits" }

    /// The value of the header `Link` (RFC 8288) of an answer that has no room for links in its body.
    static func header(_ origin: String) -> String {
        "<\(url(origin))>; rel=\"describedby\"; type=\"text/html\"; title=\"What the figures cannot tell\""
    }
}

extension HTTPField.Name {
    /// Links of an answer to other resources (RFC 8288).
    static let link = Self("Link")!
}
