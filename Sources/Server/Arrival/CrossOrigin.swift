import HTTPTypes

/// Which pages of other origins may read answers (CORS, in the Fetch standard).
///
/// Answers never come with `Access-Control-Allow-Credentials`: there are no cookies here. A token is sent by the page
/// itself, and only pages of the origins that are named may send one.
package enum CrossOrigin: Hashable, Sendable {
    case none
    /// Any page, and without a token: what is public is public.
    case any
    case origins(Set<String>)

    /// - Parameter text: `*`, or origins such as `https://maps.example.org` with commas.
    /// - Returns: `nil` for what is neither.
    package init?(_ text: String) {
        let parts = text.split(separator: ",").map { String($0).filter { $0 != " " } }
        if parts == ["*"] {
            self = .any
            return
        }
        guard !parts.isEmpty, parts.allSatisfy(Self.isOrigin) else { return nil }
        self = .origins(Set(parts))
    }

    /// As a browser writes it: scheme and host in lower case, no slash behind, no default port.
    private static func isOrigin(_ text: String) -> Bool {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where text.hasPrefix(scheme) {
            let host = String(text.dropFirst(scheme.count))
            return text == text.lowercased() && !host.hasSuffix(port) && Origin.isValid(host)
        }
        return false
    }

    /// What every answer says.
    /// - Parameter origin: The request's `Origin`.
    func fields(for origin: String?) -> [(name: HTTPField.Name, value: String)] {
        switch self {
        case .none: return []
        case .any: return [(.accessControlAllowOrigin, "*"), (.accessControlExposeHeaders, Self.exposed)]
        case .origins(let origins):
            // Also where none was sent: a cache may keep the answer and give it to a page that sends one.
            let vary: (name: HTTPField.Name, value: String) = (.vary, "Origin")
            guard let origin, origins.contains(origin) else { return [vary] }
            return [vary, (.accessControlAllowOrigin, origin), (.accessControlExposeHeaders, Self.exposed)]
        }
    }

    /// What a preflight is told besides, if its page may ask at all.
    /// - Parameter methods: Those that the address knows, with commas.
    func preflight(from origin: String, methods: String) -> [(name: HTTPField.Name, value: String)] {
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
