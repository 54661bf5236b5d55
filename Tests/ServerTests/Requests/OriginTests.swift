import Testing

@testable import Server

@Suite struct OriginTests {
    @Test(arguments: ["localhost", "127.0.0.1:8080", "maps.example.org:65535", "[::1]", "[2001:db8::1]:443", "a_b"])
    func aHostWithOrWithoutPortIsTaken(authority: String) throws {
        #expect(try Origin.text(publicURL: nil, authority: authority) == "http://\(authority)")
    }

    @Test(arguments: [
        "", ":80", "host:", "host:0", "host:65536", "host:8o", "host/path", "host@other", "user:pw@host", "a b", "<x>",
        "host\"", "[::1", "[]", "[host]", "::1", "é.org", "host:+80", String(repeating: "a", count: 256),
    ])
    func anythingElseIsRefused(authority: String) {
        #expect(throws: Problem.self) { try Origin.text(publicURL: nil, authority: authority) }
    }

    @Test func whatIsConfiguredGoesFirst() throws {
        #expect(try Origin.text(publicURL: "https://x.org/maps", authority: "<>") == "https://x.org/maps")
    }
}
