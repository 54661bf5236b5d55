import Foundation

/// A block of IP addresses, written as `10.0.0.0/8` or as a single address.
package struct AddressBlock: Hashable, Sendable {
    private let bytes: [UInt8]
    /// How many leading bits of an address must equal those of ``bytes``.
    private let length: Int

    /// - Parameter text: An IPv4 or IPv6 address, optionally with a slash and the length of the prefix. Bits after the
    ///   prefix must be zero, because other bits would suggest that another block was meant.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        let all = bytes.count * 8
        var length = all
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= all
            else { return nil }
            length = number
        }
        self.bytes = bytes
        self.length = length
        guard (length..<all).allSatisfy({ bytes[$0 / 8] & (0x80 >> ($0 % 8)) == 0 }) else { return nil }
    }

    /// - Parameter address: The address as text without a port; `::ffff:a.b.c.d` is an IPv4 address.
    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        let whole = length / 8
        guard other[..<whole] == bytes[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (other[whole] ^ bytes[whole]) >> (8 - rest) == 0
    }

    /// Whether the text is an IP address.
    static func isAddress(_ text: String) -> Bool { bytes(of: text) != nil }

    private static func bytes(of address: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
