/// Which proxies are believed when they say where a request comes from, and by which header alone: what they do not set
/// themselves they pass on as the client wrote it.
package struct ProxyTrust: Sendable {
    package enum Header: String, CaseIterable, Sendable {
        /// `X-Forwarded-For`, `-Proto` and `-Host`.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    package static let nobody = ProxyTrust([])

    let blocks: [AddressBlock]
    let header: Header

    package init(_ blocks: [AddressBlock], header: Header = .xForwarded) {
        self.blocks = blocks
        self.header = header
    }

    func covers(_ address: String) -> Bool { blocks.contains { $0.contains(address) } }
}
