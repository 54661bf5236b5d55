import Foundation

/// The content policy of the map page: it may load its own files and, if there is one, the basemap's.
package struct ContentPolicy {
    /// The value of `Content-Security-Policy`.
    package let text: String

    /// - Parameter basemap: The URL of the basemap's style. Unless it is http or https, nothing is allowed for it.
    package init(basemap: String?) {
        let others = basemap.flatMap(Self.origin).map { " \($0)" } ?? ""
        text = [
            "default-src 'self'",
            "script-src 'self'",
            // MapLibre starts its worker from a blob.
            "worker-src 'self' blob:",
            "child-src 'self' blob:",
            "style-src 'self'",
            "img-src 'self' data: blob:\(others)",
            "connect-src 'self'\(others)",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    private static func origin(_ address: String) -> String? {
        guard let url = URLComponents(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, Origin.isValid(host)
        else { return nil }
        return "\(scheme)://\(host)\(url.port.map { ":\($0)" } ?? "")"
    }
}
