import Testing

@testable import Web

@Suite struct OriginTests {
    private func text(
        _ authority: String?, publicURL: String? = nil, scheme: String = "http", basePath: BasePath = .root
    ) throws -> String {
        try Origin(publicURL: publicURL, scheme: scheme, authority: authority, basePath: basePath).text()
    }

    @Test(arguments: ["localhost", "127.0.0.1:8080", "maps.example.org:65535", "[::1]", "[2001:db8::1]:443", "a_b"])
    func aHostWithOrWithoutPortIsTaken(authority: String) throws {
        #expect(try text(authority) == "http://\(authority)")
    }

    @Test(arguments: [
        "", ":80", "host:", "host:0", "host:65536", "host:8o", "host/path", "host@other", "user:pw@host", "a b", "<x>",
        "host\"", "[::1", "[]", "[host]", "::1", "é.org", "host:+80", String(repeating: "a", count: 256),
    ])
    func anythingElseIsRefused(authority: String) {
        #expect(throws: Problem.self) { try text(authority) }
    }

    @Test func withoutAHostThereIsNoOrigin() {
        #expect(throws: Problem.self) { try text(nil) }
    }

    @Test func whatIsConfiguredGoesFirst() throws {
        #expect(try text("<>", publicURL: "https://x.org/maps") == "https://x.org/maps")
    }

    @Test func aBasePathBelongsToIt() throws {
        let path = try #require(BasePath("/maps/risk"))
        #expect(try text("x.org", scheme: "https", basePath: path) == "https://x.org/maps/risk")
    }
}
