import Foundation

/// Client addresses in the form under which the requests and connections of a client are counted.
package enum ClientNetwork {
    /// The address itself, or the first 64 bits of an IPv6 address, because one client has all addresses of its
    /// network.
    /// - Parameter address: The address as text.
    package static func name(of address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { bytes in
            // ::ffff:a.b.c.d is an IPv4 address.
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            return isMapped
                ? bytes.dropFirst(12).map(String.init).joined(separator: ".") : Base64URL.encode(bytes.prefix(8))
        }
    }
}
