import Foundation

/// Addresses as those count clients who limit what one may do.
package enum ClientNetwork {
    /// The address itself, and of IPv6 the first 64 bits: a client has all the others to itself.
    /// - Parameter address: As text.
    package static func name(of address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { bytes in
            // ::ffff:a.b.c.d is an address of IPv4.
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            return isMapped
                ? bytes.dropFirst(12).map(String.init).joined(separator: ".") : Base64URL.encode(bytes.prefix(8))
        }
    }
}
