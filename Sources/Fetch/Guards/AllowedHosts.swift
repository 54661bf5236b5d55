import Foundation

/// The hosts that a feed's requests may go to, always by https.
package struct AllowedHosts: Hashable, Sendable {
    /// Lower-case names with their ports.
    private let hosts: Set<Host>
    /// Whether names may lead to addresses of private networks and of this machine.
    package let allowPrivate: Bool

    private struct Host: Hashable {
        let name: String
        let port: Int
    }

    /// - Parameter hosts: Names, with `:port` where it is not 443. One that cannot be a host allows nothing.
    package init(_ hosts: some Sequence<String>, allowPrivate: Bool = false) {
        self.hosts = Set(
            hosts.compactMap { text in
                (try? Target("https://\(text)/", shown: text)).map { Host(name: $0.host, port: $0.port) }
            })
        self.allowPrivate = allowPrivate
    }

    /// The names with their ports, sorted.
    package var names: [String] {
        hosts.map { $0.port == 443 ? $0.name : "\($0.name):\($0.port)" }.sorted()
    }

    /// The parts of a URL that may be asked for.
    /// - Throws: ``FetchError`` with the code `url` or `host`.
    func target(_ url: RequestText) throws(FetchError) -> Target {
        let target = try Target(url.sent, shown: url.shown)
        guard hosts.contains(Host(name: target.host, port: target.port)) else {
            throw FetchError(
                .host, url: url.shown,
                "the feed does not name the host \(target.hostAndPort); it names \(names.joined(separator: ", "))")
        }
        return target
    }
}

/// The parts of a URL that decide where a connection goes. They are read by the same parser that the HTTP client uses,
/// so that both mean the same host.
struct Target: Hashable {
    /// The host in lower case, without the brackets of an IPv6 address.
    let host: String
    let port: Int

    var hostAndPort: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 443 ? name : "\(name):\(port)"
    }

    init(_ sent: String, shown: String) throws(FetchError) {
        // A backslash is a slash to some parsers and none to others; nothing beyond printable ASCII belongs in a URL.
        guard sent.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }), sent.utf8.count <= 16_384,
            let url = URL(string: sent, encodingInvalidCharacters: false), let host = url.host, !host.isEmpty
        else { throw FetchError(.url, url: shown, "is not a URL, or has characters that are not percent-encoded") }
        guard url.scheme == "https" else {
            throw FetchError(.url, url: shown, "must begin with https://; feeds are read over TLS alone")
        }
        guard url.user == nil, url.password == nil, !sent.prefix(while: { $0 != "?" && $0 != "#" }).contains("@") else {
            throw FetchError(.url, url: shown, "must not hold a user name; write secrets as ${NAME}")
        }
        guard host == host.lowercased(), (1...65_535).contains(url.port ?? 443) else {
            throw FetchError(.url, url: shown, "must have its host in lower case and a port from 1 to 65535")
        }
        self.host = host
        port = url.port ?? 443
    }
}
