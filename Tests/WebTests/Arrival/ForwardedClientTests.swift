import HTTPTypes
import Testing

@testable import Web

@Suite struct ForwardedClientTests {
    private let proxies = [AddressBlock("10.0.0.0/8")!, AddressBlock("2001:db8:1::/48")!]

    private func client(
        _ headers: HTTPFields, from peer: String = "10.0.0.1", by header: ProxyTrust.Header = .xForwarded
    ) -> ForwardedClient? {
        ForwardedClient(headers, from: peer, trusting: ProxyTrust(proxies, header: header))
    }

    @Test func whoIsNoTrustedProxyIsNotBelieved() {
        let headers: HTTPFields = [.xForwardedFor: "192.0.2.1", .xForwardedHost: "evil.example"]
        #expect(client(headers, from: "198.51.100.1") == nil)
        #expect(ForwardedClient(headers, from: "10.0.0.1", trusting: .nobody) == nil)
        #expect(client([.forwarded: "for=192.0.2.1"]) == nil)
        #expect(client(headers, by: .forwarded) == nil)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("192.0.2.1, 10.0.0.9", "192.0.2.1"),
        // The client's own claims come before the addresses added by proxies.
        ("203.0.113.5, 192.0.2.1", "192.0.2.1"), ("10.9.9.9, 192.0.2.1, 10.0.0.9", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
        // Nothing before a hidden address is believed.
        ("192.0.2.1, unknown, 10.0.0.9", "10.0.0.9"), ("10.0.0.7, 10.0.0.9", "10.0.0.7"),
    ])
    func theClientIsTheLastThatNoProxyIs(header: String, address: String) {
        #expect(client([.xForwardedFor: header])?.address == address)
    }

    @Test(arguments: ["", "unknown", "_hidden", "192.0.2", ", ,"])
    func whatNamesNobodyIsPassedOver(header: String) {
        #expect(client([.xForwardedFor: header]) == nil)
    }

    @Test func schemeAndHostAreThoseOfTheSameProxy() {
        let one = client([.xForwardedFor: "192.0.2.1", .xForwardedProto: "HTTPS", .xForwardedHost: "maps.example.org"])
        #expect(one?.scheme == "https")
        #expect(one?.host == "maps.example.org")
        let two = client([
            .xForwardedFor: "203.0.113.5, 192.0.2.1, 10.0.0.9", .xForwardedProto: "ftp, https, http",
            .xForwardedHost: "evil.example, maps.example.org, inner",
        ])
        #expect(two?.scheme == "https")
        #expect(two?.host == "maps.example.org")
        #expect(client([.xForwardedFor: "192.0.2.1", .xForwardedProto: "javascript"])?.scheme == nil)
    }

    @Test func forwardedIsReadAsRFC7239HasIt() {
        let headers: HTTPFields = [
            .forwarded:
                #"for="[2001:db8:cafe::17]:4711";proto=https;host="maps.example.org:8443", For=10.0.0.9;by=10.0.0.1"#
        ]
        let found = client(headers, by: .forwarded)
        #expect(found?.address == "2001:db8:cafe::17")
        #expect(found?.scheme == "https")
        #expect(found?.host == "maps.example.org:8443")
        let spoofed: HTTPFields = [.forwarded: #"for=10.1.1.1;host=evil.example, for=192.0.2.1;host=maps.example.org"#]
        #expect(client(spoofed, by: .forwarded)?.host == "maps.example.org")
        let quoted: HTTPFields = [.forwarded: #"for="10.0.0.2, for=203.0.113.5", for=192.0.2.1"#]
        #expect(client(quoted, by: .forwarded)?.address == "192.0.2.1")
    }

    @Test func aListInSeveralLinesIsOneList() {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .xForwardedFor, value: "203.0.113.5"))
        headers.append(HTTPField(name: .xForwardedFor, value: "192.0.2.1"))
        #expect(client(headers)?.address == "192.0.2.1")
    }
}
