/// The proxies that are trusted to report the client of a request, and the one header they use. A proxy passes on other
/// headers as the client wrote them.
package struct ProxyTrust: Sendable {
    package enum Header: String, CaseIterable, Sendable {
        /// The headers `X-Forwarded-For`, `-Proto` and `-Host`.
        case xForwarded = "x-forwarded"
        /// The header `Forwarded` (RFC 7239).
        case forwarded
    }

    package static let nobody = ProxyTrust([])

    let blocks: [AddressBlock]
    package let header: Header

    package init(_ blocks: [AddressBlock], header: Header = .xForwarded) {
        self.blocks = blocks
        self.header = header
    }

    package func covers(_ address: String) -> Bool { blocks.contains { $0.contains(address) } }
}
