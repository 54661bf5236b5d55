import Foundation

/// The content policy of the pages: they may load their own files and, if there is one, the basemap's, and only the
/// pages that the operator names may show them in a frame.
package struct ContentPolicy {
    /// The value of `Content-Security-Policy`.
    package let text: String

    /// - Parameters:
    ///   - basemap: The URL of the basemap's style. Unless it is http or https, nothing is allowed for it.
    ///   - origins: Further origins, from which that style loads tiles, glyphs and sprites.
    ///   - parents: The origins whose pages may show the page in a frame, or `*`; none by default.
    package init(basemap: String?, origins: [String] = [], parents: [String] = []) {
        var seen: Set<String> = []
        let hosts = ([basemap.flatMap(Self.origin)].compactMap(\.self) + origins).filter { seen.insert($0).inserted }
        let others = hosts.map { " \($0)" }.joined()
        let ancestors = parents.isEmpty ? "'none'" : (["'self'"] + parents).joined(separator: " ")
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
            "frame-ancestors \(ancestors)",
        ].joined(separator: "; ")
    }

    private static func origin(_ address: String) -> String? {
        guard let url = URLComponents(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, Origin.isValid(host)
        else { return nil }
        return "\(scheme)://\(host)\(url.port.map { ":\($0)" } ?? "")"
    }
}
