/// The scheme, authority and base path under which the client reaches the server.
package struct Origin: Sendable {
    /// The URL; `nil` when the client named no usable host.
    private let address: String?

    /// - Parameters:
    ///   - publicURL: The configured URL, which takes precedence.
    ///   - authority: The `Host` of the request, or the one that a trusted proxy reports.
    package init(publicURL: String?, scheme: String, authority: String?, basePath: BasePath) {
        if let publicURL {
            address = publicURL
        } else if let authority, Self.isValid(authority) {
            address = "\(scheme)://\(authority)\(basePath.text)"
        } else {
            address = nil
        }
    }

    /// The beginning of the server's URLs, without a slash at the end.
    /// - Throws: ``Problem`` 400 when there is no usable `Host`. It becomes part of URLs that others may be shown.
    package func text() throws(Problem) -> String {
        guard let address else { throw .badRequest("The Host header must name a host, with or without a port.") }
        return address
    }

    /// Whether this is a registered name, an IPv4 address or a bracketed IPv6 address, with a port from 1 to 65535 or
    /// none.
    package static func isValid(_ authority: String) -> Bool {
        guard authority.utf8.count <= 255 else { return false }
        var host = Substring(authority)
        var port: Substring?
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
            let address = host[..<end].dropFirst()
            guard address.contains(":"), address.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") })
            else { return false }
        } else {
            if let colon = host.firstIndex(of: ":") {
                port = host[host.index(after: colon)...]
                host = host[..<colon]
            }
            let isName = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
            guard isName, !host.isEmpty else { return false }
        }
        guard let port else { return true }
        return port.utf8.allSatisfy { (0x30...0x39).contains($0) } && (1...65535).contains(Int(port) ?? 0)
    }
}
