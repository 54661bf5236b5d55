package import HTTPTypes

/// The origins whose pages may read answers (CORS, in the Fetch standard).
///
/// Answers never have `Access-Control-Allow-Credentials`, because there are no cookies. A page sends a token itself,
/// and only pages of the named origins may do so.
package enum CrossOrigin: Hashable, Sendable {
    case none
    /// Pages of any origin, without a token: public data is public.
    case any
    case origins(Set<String>)

    /// - Parameter text: `*`, or origins such as `https://maps.example.org` separated by commas.
    /// - Returns: `nil` for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ",").map { String($0).filter { $0 != " " } }
        if parts == ["*"] {
            self = .any
            return
        }
        guard !parts.isEmpty, parts.allSatisfy(Self.isOrigin) else { return nil }
        self = .origins(Set(parts))
    }

    /// Whether the text is an origin as browsers write it: lower case, no slash at the end, no default port.
    private static func isOrigin(_ text: String) -> Bool {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where text.hasPrefix(scheme) {
            let host = String(text.dropFirst(scheme.count))
            return text == text.lowercased() && !host.hasSuffix(port) && Origin.isValid(host)
        }
        return false
    }

    /// The header fields of every answer.
    /// - Parameter origin: The `Origin` of the request.
    package func fields(for origin: String?) -> [(name: HTTPField.Name, value: String)] {
        switch self {
        case .none: return []
        case .any: return [(.accessControlAllowOrigin, "*"), (.accessControlExposeHeaders, Self.exposed)]
        case .origins(let origins):
            // Sent even without an origin, because a cache may give the answer to a page that sends one.
            let vary: (name: HTTPField.Name, value: String) = (.vary, "Origin")
            guard let origin, origins.contains(origin) else { return [vary] }
            return [vary, (.accessControlAllowOrigin, origin), (.accessControlExposeHeaders, Self.exposed)]
        }
    }

    /// The further header fields of a preflight's answer, if its page may send requests at all.
    /// - Parameter methods: The methods of the path, separated by commas.
    package func preflight(from origin: String, methods: String) -> [(name: HTTPField.Name, value: String)] {
        let allowed: String
        switch self {
        case .none: return []
        case .any: allowed = Self.allowed
        case .origins(let origins):
            guard origins.contains(origin) else { return [] }
            allowed = "\(Self.allowed), Authorization"
        }
        return [
            (.accessControlAllowMethods, methods), (.accessControlAllowHeaders, allowed),
            (.accessControlMaxAge, "600"),
        ]
    }

    private static let allowed = "Accept, Content-Type, Idempotency-Key, If-None-Match, traceparent, X-Request-Id"
    private static let exposed =
        "ETag, Hextant-Stale, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
}
