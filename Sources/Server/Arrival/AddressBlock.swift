import Foundation

/// A block of IP addresses, as `10.0.0.0/8` or a single address names it.
package struct AddressBlock: Hashable, Sendable {
    private let bytes: [UInt8]
    /// How many bits of an address must be those of ``bytes``.
    private let length: Int

    /// - Parameter text: An address of IPv4 or IPv6, and the length of the prefix after a slash. Bits behind the prefix
    ///   must be zero: who wrote others meant another block.
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

    /// - Parameter address: As text, without a port; `::ffff:a.b.c.d` is an address of IPv4.
    func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        let whole = length / 8
        guard other[..<whole] == bytes[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (other[whole] ^ bytes[whole]) >> (8 - rest) == 0
    }

    /// Whether it is an address at all.
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
