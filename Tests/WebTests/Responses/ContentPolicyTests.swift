import Testing

@testable import Web

@Suite struct ContentPolicyTests {
    @Test func withoutABasemapOnlyOwnFilesAreLoaded() {
        let text = ContentPolicy(basemap: nil).text
        #expect(text.contains("connect-src 'self';"))
        #expect(text.contains("img-src 'self' data: blob:;"))
        #expect(!text.contains("unsafe"))
        #expect(!text.contains("http"))
    }

    @Test func theBasemapsOriginIsAllowedAndNoMoreOfIt() {
        let text = ContentPolicy(basemap: "https://tiles.example.org:8443/styles/quiet.json?key=1").text
        #expect(text.contains("connect-src 'self' https://tiles.example.org:8443;"))
        #expect(text.contains("img-src 'self' data: blob: https://tiles.example.org:8443;"))
        #expect(!text.contains("quiet"))
    }

    @Test(arguments: ["javascript:alert(1)", "file:///etc/passwd", "not an address", "https://", "//x.org/s.json"])
    func ofOtherAddressesNothingIsAllowed(basemap: String) {
        #expect(ContentPolicy(basemap: basemap).text == ContentPolicy(basemap: nil).text)
    }

    @Test func furtherOriginsOfAStyleAreAllowedOnce() {
        let text = ContentPolicy(
            basemap: "https://a.example/style.json", origins: ["https://a.example", "https://b.example"]
        ).text
        #expect(text.contains("connect-src 'self' https://a.example https://b.example;"))
    }

    @Test func onlyNamedPagesMayShowAPageInAFrame() {
        #expect(ContentPolicy(basemap: nil).text.hasSuffix("frame-ancestors 'none'"))
        let text = ContentPolicy(basemap: nil, parents: ["https://news.example"]).text
        #expect(text.hasSuffix("frame-ancestors 'self' https://news.example"))
    }
}
