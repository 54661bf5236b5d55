import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four or sixteen bytes.
    let bytes: [UInt8]
    /// The address as text.
    package let description: String

    /// - Returns: `nil` for a text that is not an address.
    package init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// - Returns: `nil` for an address of a socket in the file system.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        var bytes = [UInt8](repeating: 0, count: address.protocol == .inet6 ? 16 : 4)
        guard inet_pton(bytes.count == 16 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
        description = text
    }

    /// Whether the address belongs to one host on the public internet: not to a private network, this machine, a link,
    /// a group, or a purpose of its own (RFC 6890 and the registries of IANA for special-purpose addresses).
    package var isPublic: Bool { bytes.count == 4 ? Self.isPublicIPv4(bytes) : Self.isPublicIPv6(bytes) }

    private static func isPublicIPv4(_ bytes: [UInt8]) -> Bool {
        let number = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return !specialIPv4.contains { number >> (32 - $0.bits) == $0.network >> (32 - $0.bits) }
    }

    private static func isPublicIPv6(_ bytes: [UInt8]) -> Bool {
        let (first, second) = (UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
        // Only 2000::/3 is given out to hosts. Everything that embeds an IPv4 address, mapped, translated
        // (64:ff9b::/96) or compatible, lies outside of it, except 6to4 and Teredo.
        guard first & 0xE000 == 0x2000 else { return false }
        switch (first, second) {
        // 6to4 leads to the IPv4 address in its next four bytes, Teredo and the other uses of 2001::/23 anywhere.
        case (0x2002, _), (0x2001, 0..<0x0200): return false
        // Documentation: 2001:db8::/32 and 3fff::/20.
        case (0x2001, 0x0DB8), (0x3FFF, 0..<0x1000): return false
        default: return true
        }
    }

    private static let specialIPv4: [(network: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
        (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15),
        (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ]
}
