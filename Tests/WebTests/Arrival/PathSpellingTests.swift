import Testing

@testable import Web

@Suite struct PathSpellingTests {
    @Test(arguments: [
        "/", "/metrics", "/v1/risk/2021-12-31", "/a%20b", "/%C3%A9", "/a,b:c@d", "/...", "/a..b", "/.well-known/x",
    ])
    func whatRoutesKnowIsCanonical(path: String) {
        #expect(PathSpelling(path) == .canonical)
    }

    @Test(arguments: [
        ("//", "/"), ("/metrics/", "/metrics"), ("//metrics", "/metrics"), ("/metrics///", "/metrics"),
        ("/%6D%65trics/", "/metrics"), ("/a%2Cb%3ac", "/a,b:c"), ("/v1//datasets", "/v1/datasets"),
        ("/%2Da%2c", "/-a,"),
    ])
    func everyOtherSpellingHasOne(path: String, canonical: String) {
        #expect(PathSpelling(path) == .other(canonical))
        #expect(PathSpelling(canonical) == .canonical)
    }

    @Test(arguments: [
        ("/%6detrics", "/metrics"), ("/a%2db", "/a-b"), ("/a%2Db", "/a-b"), ("/%7e", "/~"), ("/%c3%a9", "/%C3%A9"),
        ("/v1/risk/2021%2D12%2D31", "/v1/risk/2021-12-31"), ("/0/0/0%2Emvt", "/0/0/0.mvt"), ("/a%5Fb", "/a_b"),
    ])
    func needlessEscapesMeanTheSamePath(path: String, canonical: String) {
        #expect(PathSpelling(path) == .escaped(canonical))
        #expect(PathSpelling(canonical) == .canonical)
    }

    @Test(arguments: [
        "", "*", "metrics", "http://a/metrics", "a:80", "/.", "/..", "/a/../b", "/a/./b", "/%2e%2e/a", "/%2E/a",
        "/.%2e/a",
        "/a%2fb", "/a%2Fb", "/a\\b", "/a%5cb", "/a%5Cb", "/metrics;x", "/metrics%3bx", "/metrics%00", "/a%0ab", "/a%7f",
        "/%256detrics", "/%25", "/%", "/%2", "/%g0", "/%zz", "/%ff", "/%c0%ae", "/a b", "/é", "/a\u{0}", "/a#b", "/a|b",
        "/\"",
    ])
    func whatMeansSomethingElseToOthersIsNoPath(path: String) {
        #expect(PathSpelling(path) == .impossible)
    }

    @Test func aPathIsNeverMovedToAnotherHost() {
        let served = ServedPaths(templates: ["/evil.example", "/", "/v1/datasets/{slug}"], files: nil)
        for path in [
            "//evil.example", "///evil.example/", "/%2fevil.example", "/\\evil.example", "//evil.example/%2e%2e",
        ] {
            switch Destination(path, basePath: .root, served: served) {
            case .moved(let address): #expect(address == "/evil.example")
            case .nowhere: break
            case .route: #expect(Bool(false), "\(path) must not be routed")
            }
        }
        #expect(Destination("/v1/datasets/a/", basePath: .root, served: served) == .moved("/v1/datasets/a"))
        #expect(Destination("/v1/datasets//", basePath: .root, served: served) == .nowhere)
        #expect(Destination("/nothing/", basePath: .root, served: served) == .nowhere)
    }

    @Test func aPathWithNeedlessEscapesIsRoutedUnlessItIsForTheOperatorAlone() throws {
        let base = try #require(BasePath("/maps"))
        let served = ServedPaths(templates: ["/metrics", "/v1/datasets/{slug}"], inward: ["/metrics"], files: nil)
        func destination(_ path: String) -> Destination { Destination(path, basePath: base, served: served) }
        for path in ["/v1/datasets/%61-b", "/maps/v1/datasets/a%2Db", "/m%61ps/v1/d%61tasets/a-b"] {
            #expect(destination(path) == .route("/v1/datasets/a-b"))
        }
        #expect(destination("/%6Detrics") == .moved("/metrics"))
        for path in ["/maps/%6detrics", "/m%61ps/metrics", "/maps/metrics"] {
            #expect(destination(path) == .nowhere)
        }
    }
}
