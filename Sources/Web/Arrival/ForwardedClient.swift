package import HTTPTypes

/// The client of a request, as trusted proxies report it.
package struct ForwardedClient: Equatable {
    /// The client address, without a port.
    package var address: String
    package var scheme: String?
    package var host: String?

    /// The report of one proxy: the request it received, and from whom.
    private struct Hop {
        var address: String?
        var scheme: String?
        var host: String?
    }

    /// - Parameters:
    ///   - peer: The address at the other end of the connection.
    ///   - trust: The proxies that are trusted, and the header they use.
    /// - Returns: `nil` when the peer is not one of them or reports nothing.
    package init?(_ headers: HTTPFields, from peer: String, trusting trust: ProxyTrust) {
        guard trust.covers(peer) else { return nil }
        let hops = trust.header == .forwarded ? Self.forwarded(headers) : Self.xForwarded(headers)
        address = peer
        var isFound = false
        // The nearest proxy is last. Its report is trusted as long as the client it names is itself a trusted proxy.
        for hop in hops.reversed() {
            guard let next = hop.address else { break }
            isFound = true
            address = next
            scheme = hop.scheme ?? scheme
            host = hop.host ?? host
            guard trust.covers(next) else { break }
        }
        guard isFound else { return nil }
    }

    /// Parses `Forwarded` (RFC 7239).
    private static func forwarded(_ headers: HTTPFields) -> [Hop] {
        list(headers, .forwarded).map { element in
            var hop = Hop()
            for pair in split(element, at: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = unquoted(trimmed(parts[1]))
                switch trimmed(parts[0]).lowercased() {
                case "for": hop.address = bareAddress(value)
                case "proto": hop.scheme = Self.scheme(value)
                case "host": hop.host = value
                default: continue
                }
            }
            return hop
        }
    }

    /// Parses `X-Forwarded-For`. `-Proto` and `-Host` are matched to it from the end; if they are fewer, the first one
    /// counts.
    private static func xForwarded(_ headers: HTTPFields) -> [Hop] {
        let addresses = list(headers, .xForwardedFor)
        let schemes = list(headers, .xForwardedProto)
        let hosts = list(headers, .xForwardedHost)
        return addresses.indices.map { index in
            let fromEnd = addresses.count - 1 - index
            func word(_ words: [Substring]) -> String? {
                words.isEmpty ? nil : String(words[max(0, words.count - 1 - fromEnd)])
            }
            return Hop(
                address: bareAddress(String(addresses[index])), scheme: word(schemes).flatMap(scheme), host: word(hosts)
            )
        }
    }

    private static func list(_ headers: HTTPFields, _ name: HTTPField.Name) -> [Substring] {
        guard let text = headers.combined(name) else { return [] }
        return split(text[...], at: ",").map(trimmed)
    }

    /// Splits at separators outside of quotes.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            guard text[index] == separator, !isQuoted else { continue }
            parts.append(text[start..<index])
            start = text.index(after: index)
        }
        return parts + [text[start...]]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : String(text)
    }

    private static func scheme(_ text: String) -> String? {
        let text = text.lowercased()
        return text == "http" || text == "https" ? text : nil
    }

    /// The address in `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80` or a bare IPv6 address; `nil`
    /// otherwise.
    private static func bareAddress(_ text: String) -> String? {
        var address = Substring(text)
        if address.hasPrefix("[") {
            guard let end = address.firstIndex(of: "]") else { return nil }
            address = address[..<end].dropFirst()
        } else if let colon = address.firstIndex(of: ":"), address[colon...].dropFirst().allSatisfy({ $0 != ":" }) {
            address = address[..<colon]
        }
        return AddressBlock.isAddress(String(address)) ? String(address) : nil
    }
}

extension HTTPField.Name {
    package static let forwarded = Self("Forwarded")!
    static let xForwardedFor = Self("X-Forwarded-For")!
    static let xForwardedProto = Self("X-Forwarded-Proto")!
    static let xForwardedHost = Self("X-Forwarded-Host")!
}
